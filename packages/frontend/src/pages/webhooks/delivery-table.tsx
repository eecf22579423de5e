import type { WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Count, When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { useEventWords } from './use-event-words.ts';

const TONES = { waiting: 'quiet', delivered: 'good', failed: 'bad' } as const;

interface DeliveryTableProps {
  deliveries: readonly WebhookDelivery[];
  /** Without it, nothing is sent again. */
  onAgain: ((delivery: WebhookDelivery) => void) | undefined;
}

/** The event, what became of it, and why where it failed; what is said of that is the hub's English. */
function EventCell({ delivery }: { delivery: WebhookDelivery }) {
  const { t } = useTranslation();
  const eventWords = useEventWords();
  const { event, state, error, attempts, status, createdAt } = delivery;
  return (
    <Cell className="max-lg:w-full">
      <span className="mr-2 font-medium">{eventWords(event)}</span>
      <Badge tone={TONES[state]}>{t(`webhooks.deliveries.states.${state}`)}</Badge>
      <code className="block text-sm break-all text-ink-soft">{event}</code>
      {error !== null && (
        <span lang="en" className="block text-sm wrap-anywhere text-ink-soft">
          {error}
        </span>
      )}
      <span className="grid text-sm text-ink-faint lg:hidden">
        <When at={createdAt} />
        <span>
          {t('webhooks.deliveries.attempts')}: <Count value={attempts} />
        </span>
        <span>
          {t('webhooks.deliveries.answer')}: {status ?? t('webhooks.deliveries.noAnswer')}
        </span>
      </span>
    </Cell>
  );
}

function DeliveryRow({
  delivery,
  onAgain,
}: { delivery: WebhookDelivery } & Pick<DeliveryTableProps, 'onAgain'>) {
  const { t } = useTranslation();
  const eventWords = useEventWords();
  const when = formatWhen(delivery.createdAt, useLanguage());
  return (
    <tr>
      <EventCell delivery={delivery} />
      <Cell wideOnly="very" className="text-ink-soft">
        <When at={delivery.createdAt} />
      </Cell>
      <Cell numeric wideOnly="very">
        <Count value={delivery.attempts} />
      </Cell>
      <Cell numeric wideOnly="very" className="figures">
        {delivery.status ?? t('webhooks.deliveries.noAnswer')}
      </Cell>
      <Cell numeric>
        {onAgain && delivery.state !== 'waiting' && (
          <Button
            size="small"
            aria-label={t('webhooks.deliveries.againNamed', { event: eventWords(delivery.event), when })}
            onClick={() => onAgain(delivery)}
          >
            {t('webhooks.deliveries.again')}
          </Button>
        )}
      </Cell>
    </tr>
  );
}

export function DeliveryTable({ deliveries, onAgain }: DeliveryTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('webhooks.deliveries.title')}>
      <thead>
        <tr>
          <HeadCell>{t('webhooks.deliveries.event')}</HeadCell>
          <HeadCell wideOnly="very">{t('webhooks.deliveries.when')}</HeadCell>
          <HeadCell numeric wideOnly="very">
            {t('webhooks.deliveries.attempts')}
          </HeadCell>
          <HeadCell numeric wideOnly="very">
            {t('webhooks.deliveries.answer')}
          </HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('webhooks.deliveries.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} onAgain={onAgain} />
        ))}
      </tbody>
    </Table>
  );
}
