import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { forgetPeople } from '../../api/people-queries.ts';
import { CreateUserForm } from '../../forms/create-user-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface CreateUserDialogProps {
  open: boolean;
  onClose: () => void;
  onDone: (said: string) => void;
}

export function CreateUserDialog({ open, onClose, onDone }: CreateUserDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const made = async (email: string) => {
    await forgetPeople(queries);
    onDone(t('users.done.create', { email }));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('users.form.title')}>
      <CreateUserForm onMade={made} onCancel={onClose} />
    </Dialog>
  );
}
