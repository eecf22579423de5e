import type { ProviderHealth } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { HealthBadge } from './health-badge.tsx';

/** What the figures of a provider say. */
function useHealthWords() {
  const { t } = useTranslation();
  const language = useLanguage();
  const count = (value: number) => formatCount(value, language);
  return ({ calls, failed, running, waiting, maxConcurrent, answersInMs }: ProviderHealth) => ({
    recent: t('status.recentCalls', { calls: count(calls), failed: count(failed) }),
    load: t('status.loadOf', {
      ...{ running: count(running), most: count(maxConcurrent), waiting: count(waiting) },
    }),
    wait: answersInMs === null ? t('status.unknown') : t('status.ms', { ms: count(answersInMs) }),
  });
}

function LastFailure({ failure }: { failure: NonNullable<ProviderHealth['lastFailure']> }) {
  const { t } = useTranslation();
  return (
    <p className="mt-1 text-sm text-ink-soft">
      {t('status.lastFailure')} <When at={failure.at} />: {t(`problems.codes.${failure.code}`)}
    </p>
  );
}

function Row({ health }: { health: ProviderHealth }) {
  const { t } = useTranslation();
  const { recent, load, wait } = useHealthWords()(health);
  const { name, state, since, keys, restingKeys, lastFailure } = health;
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <span className="mr-2 font-medium break-all">{name}</span>
        <span className="inline-flex flex-wrap gap-1.5">
          <HealthBadge state={state} />
          {restingKeys > 0 && (
            <Badge tone="bad">
              {t('status.restingKeys', { resting: String(restingKeys), keys: String(keys) })}
            </Badge>
          )}
        </span>
        {since && (
          <p className="text-sm text-ink-faint">
            {t('status.since')} <When at={since} />
          </p>
        )}
        {lastFailure && <LastFailure failure={lastFailure} />}
        <ul className="mt-1 text-sm text-ink-soft lg:hidden">
          {(
            [
              ['recent', recent],
              ['load', load],
              ['answersIn', wait],
            ] as const
          ).map(([label, words]) => (
            <li key={label}>
              {t(`status.${label}`)}: {words}
            </li>
          ))}
        </ul>
      </Cell>
      <Cell wideOnly="very" className="figures">
        {recent}
      </Cell>
      <Cell wideOnly="very" className="figures">
        {load}
      </Cell>
      <Cell wideOnly="very" numeric className="figures">
        {wait}
      </Cell>
    </tr>
  );
}

/** Every provider in the order in which they are asked. */
export function ProviderHealthTable({ providers }: { providers: readonly ProviderHealth[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('status.providers')}>
      <thead>
        <tr>
          <HeadCell>{t('providers.one')}</HeadCell>
          <HeadCell wideOnly="very">{t('status.recent')}</HeadCell>
          <HeadCell wideOnly="very">{t('status.load')}</HeadCell>
          <HeadCell wideOnly="very" numeric>
            {t('status.answersIn')}
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {providers.map((health) => (
          <Row key={health.name} health={health} />
        ))}
      </tbody>
    </Table>
  );
}
