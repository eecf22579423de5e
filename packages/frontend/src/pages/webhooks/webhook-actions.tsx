import { type Webhook, webhooksContract } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetWebhooks } from '../../api/webhook-queries.ts';
import { changesOf } from '../../forms/changes-of.ts';
import type { WebhookFields } from '../../forms/webhook-fields.ts';
import { WebhookForm } from '../../forms/webhook-form.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { RotateSecretDialog } from './rotate-secret-dialog.tsx';

interface ActionProps {
  webhook: Webhook;
  onDone: (said: string) => void;
}

interface DialogProps {
  open: boolean;
  onClose: () => void;
}

function ChangeDialog({ webhook, onDone, open, onClose }: ActionProps & DialogProps) {
  const { t } = useTranslation();
  const { webhooks } = useHub();
  const queries = useQueryClient();
  const save = async (fields: WebhookFields) => {
    const body = changesOf(webhooksContract.updateWebhook.body, webhook, fields);
    if (Object.keys(body).length > 0)
      await webhooks.updateWebhook({ params: { webhookId: webhook.id }, body });
    await forgetWebhooks(queries);
    onDone(t('webhooks.done.change'));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('webhooks.form.changeTitle')}>
      <WebhookForm webhook={webhook} submit={save} submitLabel={t('webhooks.form.save')} onCancel={onClose} />
    </Dialog>
  );
}

function DeleteDialog({ webhook: { id, url }, open, onClose }: Pick<ActionProps, 'webhook'> & DialogProps) {
  const { t } = useTranslation();
  const { webhooks } = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => webhooks.deleteWebhook({ params: { webhookId: id } }),
    // the page is left first: it would ask for what is gone
    onSuccess: async () => {
      await navigate({ to: '/webhooks' });
      await forgetWebhooks(queries);
    },
  });
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={t('webhooks.remove.title')}
      text={t('webhooks.remove.text', { url })}
      keep={t('webhooks.remove.keep')}
      confirm={t('webhooks.remove.confirm')}
      action={remove}
    />
  );
}

function SwitchButton({ webhook: { id, active }, onDone }: ActionProps) {
  const { t } = useTranslation();
  const { webhooks } = useHub();
  const queries = useQueryClient();
  const act = active ? 'off' : 'on';
  const toggle = useMutation({
    mutationFn: () => webhooks.updateWebhook({ params: { webhookId: id }, body: { active: !active } }),
    onSuccess: async () => {
      await forgetWebhooks(queries);
      onDone(t(`webhooks.done.${act}`));
    },
  });
  return (
    <>
      {toggle.error && <ErrorNotice error={toggle.error} />}
      <Button disabled={toggle.isPending} onClick={() => toggle.mutate()}>
        {t(`webhooks.act.${act}`)}
      </Button>
    </>
  );
}

/** What can be done with a webhook, and the dialogs behind it. */
export function WebhookActions({ webhook, onDone }: ActionProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<'change' | 'rotate' | 'delete'>();
  const close = () => setAsked(undefined);
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setAsked('change')}>{t('webhooks.act.change')}</Button>
      <SwitchButton webhook={webhook} onDone={onDone} />
      <Button onClick={() => setAsked('rotate')}>{t('webhooks.act.rotate')}</Button>
      <Button onClick={() => setAsked('delete')}>{t('webhooks.act.delete')}</Button>
      <ChangeDialog webhook={webhook} onDone={onDone} open={asked === 'change'} onClose={close} />
      <RotateSecretDialog webhookId={webhook.id} open={asked === 'rotate'} onClose={close} />
      <DeleteDialog webhook={webhook} open={asked === 'delete'} onClose={close} />
    </div>
  );
}
