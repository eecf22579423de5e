import type { Webhook } from '@smart-ai-hub/shared/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { EventField } from './event-field.tsx';
import { FormButtons } from './form-buttons.tsx';
import { useForm } from './use-form.tsx';
import { type WebhookFields, webhookFields } from './webhook-fields.ts';

interface WebhookFormProps {
  /** The webhook that is changed; a new one where there is none. */
  webhook?: Webhook;
  submit: (fields: WebhookFields) => Promise<void>;
  submitLabel: string;
  onCancel: () => void;
}

export function WebhookForm({ webhook, submit, submitLabel, onCancel }: WebhookFormProps) {
  const { t } = useTranslation();
  const [events, setEvents] = useState<readonly string[]>(webhook?.events ?? []);
  const form = useForm({ schema: webhookFields, values: { events }, submit });
  const refusals = {
    'egress-refused': t('webhooks.form.refused'),
    'egress-failed': t('webhooks.form.unreachable'),
  };
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} instead={refusals} />}
      <TextField
        {...form.field('url')}
        type="url"
        label={t('webhooks.address')}
        hint={t('webhooks.form.addressHint')}
        defaultValue={webhook?.url}
        autoComplete="off"
        spellCheck={false}
      />
      <EventField
        name="events"
        error={form.field('events').error && t('webhooks.form.eventsMissing')}
        chosen={events}
        onChange={setEvents}
      />
      <TextField
        {...form.field('description')}
        label={t('webhooks.description')}
        hint={t('webhooks.form.descriptionHint')}
        defaultValue={webhook?.description}
        maxLength={200}
        autoComplete="off"
      />
      <FormButtons
        submit={submitLabel}
        sending={form.sending}
        cancel={t('webhooks.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
