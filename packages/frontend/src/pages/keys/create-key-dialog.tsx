import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import { CreateKeyForm } from '../../forms/create-key-form.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

function MadeKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5">
      <p className="text-ink-soft">{t('keys.made.text')}</p>
      <output
        aria-label={t('keys.made.label')}
        className="block rounded-lg bg-sunken px-4 py-3 font-mono text-sm break-all select-all"
      >
        {secret}
      </output>
      <div className="flex justify-end gap-2">
        <Button tone="plain" onClick={onDone}>
          {t('keys.made.done')}
        </Button>
        <CopyButton text={secret} tone="primary" />
      </div>
    </div>
  );
}

interface CreateKeyDialogProps {
  open: boolean;
  onClose: () => void;
}

/** The key stands in this component alone, and is gone when the dialog closes. */
export function CreateKeyDialog({ open, onClose }: CreateKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const hub = useHub();
  const [secret, setSecret] = useState<string>();

  const close = () => {
    setSecret(undefined);
    onClose();
  };
  const made = (key: string) => {
    setSecret(key);
    void queries.invalidateQueries({ queryKey: keysQuery(hub).queryKey });
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={secret ? t('keys.made.title') : t('keys.form.title')}
      dismissible={!secret}
    >
      {secret ? <MadeKey secret={secret} onDone={close} /> : <CreateKeyForm onMade={made} onCancel={close} />}
    </Dialog>
  );
}
