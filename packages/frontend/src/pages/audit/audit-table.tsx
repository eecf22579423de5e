import type { AuditEvent } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

function Facts({ label, facts }: { label: string; facts: AuditEvent['before'] }) {
  if (!facts) return null;
  return (
    <div className="min-w-0">
      <p className="eyebrow">{label}</p>
      <pre className="font-mono text-sm break-words whitespace-pre-wrap">
        {JSON.stringify(facts, null, 2)}
      </pre>
    </div>
  );
}

/** What changed, and from where; open when it is asked for. */
function Details({ event }: { event: AuditEvent }) {
  const { t } = useTranslation();
  const { before, after, address, userAgent, requestId } = event;
  return (
    <details className="mt-1 text-sm text-ink-soft">
      <summary>{t('audit.details')}</summary>
      <div className="grid gap-3 py-2">
        <Facts label={t('audit.before')} facts={before} />
        <Facts label={t('audit.after')} facts={after} />
        <p className="break-words">
          {address !== null && t('audit.from', { address })} {userAgent}
        </p>
        {requestId !== null && <code className="break-all">{requestId}</code>}
      </div>
    </details>
  );
}

function EventRow({ event }: { event: AuditEvent }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell className="max-md:w-full max-md:max-w-0">
        <code className="font-medium break-all">{event.action}</code>
        <span className="grid text-sm text-ink-faint md:hidden">
          <When at={event.at} />
          <span className="truncate">
            {event.targetType} {event.targetId}
          </span>
        </span>
        <Details event={event} />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <When at={event.at} />
      </Cell>
      <Cell wideOnly className="max-w-40">
        {event.actorId === null ? (
          <span className="text-ink-faint">{t('audit.nobody')}</span>
        ) : (
          <code className="break-all">{event.actorId}</code>
        )}
      </Cell>
      <Cell wideOnly className="max-w-40">
        {event.targetType} <code className="break-all">{event.targetId}</code>
      </Cell>
    </tr>
  );
}

export function AuditTable({ events }: { events: AuditEvent[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('audit.title')}>
      <thead>
        <tr>
          <HeadCell>{t('audit.action')}</HeadCell>
          <HeadCell wideOnly>{t('audit.when')}</HeadCell>
          <HeadCell wideOnly>{t('audit.actor')}</HeadCell>
          <HeadCell wideOnly>{t('audit.target')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </tbody>
    </Table>
  );
}
