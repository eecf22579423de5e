import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetWebhooks } from '../../api/webhook-queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { MadeSecret, type MadeSecretOf } from './made-secret.tsx';

interface RotateSecretDialogProps {
  webhookId: string;
  open: boolean;
  onClose: () => void;
}

/** Asks first; then shows the new secret, which is gone when the dialog closes. */
export function RotateSecretDialog({ webhookId, open, onClose }: RotateSecretDialogProps) {
  const { t } = useTranslation();
  const { webhooks } = useHub();
  const queries = useQueryClient();
  const [made, setMade] = useState<MadeSecretOf>();
  const rotate = useMutation({
    mutationFn: async () => setMade(await webhooks.rotateWebhookSecret({ params: { webhookId } })),
    onSuccess: () => forgetWebhooks(queries),
  });
  const close = () => {
    rotate.reset();
    setMade(undefined);
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={made ? t('webhooks.made.title') : t('webhooks.rotate.title')}
      dismissible={!made}
    >
      {made ? (
        <MadeSecret made={made} onDone={close} />
      ) : (
        <div className="grid gap-5">
          <p className="text-ink-soft">{t('webhooks.rotate.text')}</p>
          {rotate.error && <ErrorNotice error={rotate.error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>{t('webhooks.rotate.keep')}</Button>
            <Button tone="primary" disabled={rotate.isPending} onClick={() => rotate.mutate()}>
              {t('webhooks.rotate.submit')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}
