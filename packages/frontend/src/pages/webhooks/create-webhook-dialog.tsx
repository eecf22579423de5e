import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetWebhooks } from '../../api/webhook-queries.ts';
import type { WebhookFields } from '../../forms/webhook-fields.ts';
import { WebhookForm } from '../../forms/webhook-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { MadeSecret, type MadeSecretOf } from './made-secret.tsx';

interface CreateWebhookDialogProps {
  open: boolean;
  onClose: () => void;
  onDone: (said: string) => void;
}

/** The secret stands in this component alone, and is gone when the dialog closes. */
export function CreateWebhookDialog({ open, onClose, onDone }: CreateWebhookDialogProps) {
  const { t } = useTranslation();
  const { webhooks } = useHub();
  const queries = useQueryClient();
  const [made, setMade] = useState<MadeSecretOf>();
  const close = () => {
    setMade(undefined);
    onClose();
  };
  const create = async (body: WebhookFields) => {
    setMade(await webhooks.createWebhook({ body }));
    await forgetWebhooks(queries);
    onDone(t('webhooks.done.create'));
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={made ? t('webhooks.made.title') : t('webhooks.form.title')}
      dismissible={!made}
    >
      {made ? (
        <MadeSecret made={made} onDone={close} />
      ) : (
        <WebhookForm submit={create} submitLabel={t('webhooks.form.submit')} onCancel={close} />
      )}
    </Dialog>
  );
}
