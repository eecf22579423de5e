import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import type { KeyFields } from '../../forms/key-fields.ts';
import { KeyForm } from '../../forms/key-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MadeKey } from './made-key.tsx';

interface CreateKeyDialogProps {
  open: boolean;
  onClose: () => void;
  onMade?: (secret: string) => void;
}

/** The key stands in this component, and is gone when the dialog closes, and wherever `onMade` puts it. */
export function CreateKeyDialog({ open, onClose, onMade }: CreateKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const hub = useHub();
  const [secret, setSecret] = useState<string>();

  const close = () => {
    setSecret(undefined);
    onClose();
  };
  const create = async (body: KeyFields) => {
    const { key } = await hub.keys.createKey({ body });
    setSecret(key);
    onMade?.(key);
    await queries.invalidateQueries({ queryKey: keysQuery(hub).queryKey });
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={secret ? t('keys.made.title') : t('keys.form.title')}
      dismissible={!secret}
    >
      {secret ? (
        <MadeKey secret={secret} onDone={close} />
      ) : (
        <KeyForm submit={create} submitLabel={t('keys.form.submit')} onCancel={close} />
      )}
    </Dialog>
  );
}
