import type { Webhook } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { webhooksQuery } from '../../api/webhook-queries.ts';
import { When } from '../../ui/figures.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { DeliveriesCard } from './deliveries-card.tsx';
import { WebhookActions } from './webhook-actions.tsx';
import { EventList, WebhookBadge } from './webhook-table.tsx';

function FactsCard({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const { url, description, events, active, formerSecretUntil: until, createdAt } = webhook;
  const facts: (readonly [string, ReactNode])[] = [
    [t('webhooks.address'), <code key="address">{url}</code>],
    ...(description ? [[t('webhooks.description'), description] as const] : []),
    [t('webhooks.hears'), <EventList key="events" events={events} />],
    [t('webhooks.state'), <WebhookBadge key="state" active={active} />],
    ...(until === null ? [] : [[t('webhooks.formerUntil'), <When key="former" at={until} />] as const]),
    [t('webhooks.created'), <When key="created" at={createdAt} />],
  ];
  return (
    <Card className="p-5">
      <dl className="grid gap-3">
        {facts.map(([name, value]) => (
          <div key={name} className="grid gap-0.5 sm:grid-cols-[13rem_1fr] sm:gap-4">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function WebhookView({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const mayChange = useMay('settings:update');
  const [said, setSaid] = useState<string>();
  return (
    <Page
      title={t('webhooks.one')}
      text={t('webhooks.oneText')}
      action={mayChange && <WebhookActions webhook={webhook} onDone={setSaid} />}
    >
      <Link to="/webhooks" className="text-accent underline underline-offset-4">
        {t('webhooks.back')}
      </Link>
      <StatusLine text={said} />
      <FactsCard webhook={webhook} />
      <DeliveriesCard webhook={webhook} onDone={setSaid} />
    </Page>
  );
}

function FoundWebhook() {
  const { webhookId } = useParams({ from: '/member/webhooks/$webhookId' });
  const webhooks = useQuery(webhooksQuery(useHub()));
  return (
    <Queried query={webhooks}>
      {(items) => {
        const webhook = items.find(({ id }) => id === webhookId);
        return webhook ? <WebhookView key={webhookId} webhook={webhook} /> : <NotFoundPage />;
      }}
    </Queried>
  );
}

/** One webhook, and what was sent to it. */
export const WebhookPage = () => (useMay('settings:read') ? <FoundWebhook /> : <NotFoundPage />);
