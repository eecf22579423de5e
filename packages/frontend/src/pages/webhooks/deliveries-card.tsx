import { DELIVERY_STATES, type Webhook, type WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { deliveriesQuery, forgetWebhooks } from '../../api/webhook-queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { SelectField } from '../../ui/field.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { DeliveryTable } from './delivery-table.tsx';

type State = WebhookDelivery['state'] | undefined;

function StateFilter({ onChange }: { onChange: (state: State) => void }) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t('webhooks.deliveries.state')}
      onChange={({ target }) => onChange(DELIVERY_STATES.find((state) => state === target.value))}
    >
      <option value="">{t('webhooks.deliveries.all')}</option>
      {DELIVERY_STATES.map((state) => (
        <option key={state} value={state}>
          {t(`webhooks.deliveries.states.${state}`)}
        </option>
      ))}
    </SelectField>
  );
}

interface DeliveriesCardProps {
  webhook: Webhook;
  onDone: (said: string) => void;
}

/** What was sent to a webhook, and the way to send it once more while it is on. */
export function DeliveriesCard({ webhook: { id: webhookId, active }, onDone }: DeliveriesCardProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const mayChange = useMay('settings:update');
  const [state, setState] = useState<State>();
  const pages = useInfiniteQuery(deliveriesQuery(hub, webhookId, state));
  const again = useMutation({
    mutationFn: ({ id: deliveryId }: WebhookDelivery) =>
      hub.webhooks.replayDelivery({ params: { webhookId, deliveryId } }),
    onSuccess: async () => {
      await forgetWebhooks(queries);
      onDone(t('webhooks.deliveries.sent'));
    },
  });
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-end justify-between gap-4 p-5">
        <div className="grid gap-1">
          <h2 className="text-lg">{t('webhooks.deliveries.title')}</h2>
          <p className="text-ink-soft">{t('webhooks.deliveries.text')}</p>
        </div>
        <StateFilter onChange={setState} />
      </div>
      {again.error && <ErrorNotice error={again.error} />}
      <Queried query={pages}>
        {(data) => {
          const deliveries = data.pages.flatMap((page) => page.items);
          if (deliveries.length === 0)
            return (
              <Empty
                icon="webhooks"
                title={t('webhooks.deliveries.empty')}
                text={t('webhooks.deliveries.emptyText')}
              />
            );
          return (
            <DeliveryTable
              deliveries={deliveries}
              onAgain={mayChange && active ? (delivery) => again.mutate(delivery) : undefined}
            />
          );
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}
