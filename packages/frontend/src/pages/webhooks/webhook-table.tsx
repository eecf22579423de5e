import type { Webhook } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { useEventWords } from './use-event-words.ts';

export function WebhookBadge({ active }: Pick<Webhook, 'active'>) {
  const { t } = useTranslation();
  return (
    <Badge tone={active ? 'good' : 'quiet'}>{t(active ? 'webhooks.states.on' : 'webhooks.states.off')}</Badge>
  );
}

export function EventList({ events }: Pick<Webhook, 'events'>) {
  const eventWords = useEventWords();
  return (
    <ul>
      {events.map((event) => (
        <li key={event}>{eventWords(event)}</li>
      ))}
    </ul>
  );
}

function WebhookRow({ webhook: { id, url, events, description, active } }: { webhook: Webhook }) {
  return (
    <tr>
      <Cell>
        <Link
          to="/webhooks/$webhookId"
          params={{ webhookId: id }}
          className="font-medium break-all text-accent underline underline-offset-4"
        >
          {url}
        </Link>
        {description && <span className="block text-sm wrap-anywhere text-ink-soft">{description}</span>}
        <div className="mt-1 text-sm text-ink-faint md:hidden">
          <EventList events={events} />
        </div>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <EventList events={events} />
      </Cell>
      <Cell numeric>
        <WebhookBadge active={active} />
      </Cell>
    </tr>
  );
}

export function WebhookTable({ webhooks }: { webhooks: readonly Webhook[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('webhooks.title')}>
      <thead>
        <tr>
          <HeadCell>{t('webhooks.address')}</HeadCell>
          <HeadCell wideOnly>{t('webhooks.hears')}</HeadCell>
          <HeadCell numeric>{t('webhooks.state')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} />
        ))}
      </tbody>
    </Table>
  );
}
