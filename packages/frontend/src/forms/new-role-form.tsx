import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { roleFields } from './role-fields.ts';
import { RoleWords } from './role-words.tsx';
import { useForm } from './use-form.tsx';

interface NewRoleFormProps {
  onMade: (name: string) => Promise<void>;
  onCancel: () => void;
}

/** What it may do is chosen on its own page. */
export function NewRoleForm({ onMade, onCancel }: NewRoleFormProps) {
  const { t } = useTranslation();
  const { roles } = useHub();
  const form = useForm({
    schema: roleFields,
    submit: async (body) => onMade((await roles.createRole({ body })).name),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <RoleWords field={form.field} />
      <FormButtons
        submit={t('roles.form.submit')}
        sending={form.sending}
        cancel={t('roles.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
