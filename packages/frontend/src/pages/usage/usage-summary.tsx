import type { UsageSummaryLine } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { everyDay } from '../../api/every-day.ts';
import { keysQuery } from '../../api/queries.ts';
import { DAYS_OF_USAGE, usageSummaryQuery } from '../../api/usage-queries.ts';
import { formatCount, formatCredits, formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Bars } from '../../ui/bars.tsx';
import { Count, Credits, CreditsCell } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

const total = (lines: readonly UsageSummaryLine[], of: 'calls' | 'creditsMicro') =>
  lines.reduce((sum, line) => sum + line[of], 0);

/** What was spent a day, and in all. */
function Days({ lines }: { lines: readonly UsageSummaryLine[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const dayWords = (day: string) => formatDay(day, language, 'UTC');
  const used = lines.map(({ name, calls, creditsMicro }) => ({ day: name ?? '', uses: calls, creditsMicro }));
  const days = everyDay(used, DAYS_OF_USAGE);
  const bars = days.map(({ day, uses, creditsMicro }) => ({
    label: t('usage.summary.bar', {
      day: dayWords(day),
      calls: formatCount(uses, language),
      credits: formatCredits(creditsMicro, language),
    }),
    value: creditsMicro,
  }));
  return (
    <>
      <dl className="flex flex-wrap gap-x-10 gap-y-2">
        <div>
          <dt className="eyebrow">{t('usage.summary.spent')}</dt>
          <dd className="text-2xl font-medium tracking-tight">
            <Credits micro={total(lines, 'creditsMicro')} />
          </dd>
        </div>
        <div>
          <dt className="eyebrow">{t('usage.summary.calls')}</dt>
          <dd className="text-2xl font-medium tracking-tight">
            <Count value={total(lines, 'calls')} />
          </dd>
        </div>
      </dl>
      <div className="grid gap-1.5">
        <Bars label={t('usage.summary.chart')} bars={bars} />
        <p aria-hidden="true" className="flex justify-between text-sm text-ink-faint">
          {[days[0], days.at(-1)].map((end) => end && <span key={end.day}>{dayWords(end.day)}</span>)}
        </p>
      </div>
    </>
  );
}

interface SharesProps {
  title: string;
  by: 'model' | 'key';
  /** A line's name in words. */
  nameOf: (name: string | null) => string;
}

/** What was spent on each, most first. */
function Shares({ title, by, nameOf }: SharesProps) {
  const { t } = useTranslation();
  const shares = useQuery(usageSummaryQuery(useHub(), by));
  return (
    <Queried query={shares}>
      {(lines) => (
        <Table label={title}>
          <thead>
            <tr>
              <HeadCell>{title}</HeadCell>
              <HeadCell numeric>{t('usage.summary.calls')}</HeadCell>
              <HeadCell numeric>{t('usage.cost')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, calls, creditsMicro }) => (
              <tr key={name}>
                <Cell className="max-w-0 truncate max-sm:w-full" title={nameOf(name)}>
                  {nameOf(name)}
                </Cell>
                <Cell numeric>
                  <Count value={calls} />
                </Cell>
                <Cell numeric>
                  <CreditsCell micro={creditsMicro} />
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Queried>
  );
}

function KeyShares() {
  const { t } = useTranslation();
  const { data: keys = [] } = useQuery(keysQuery(useHub()));
  const nameOf = (id: string | null) =>
    id === null
      ? t('usage.summary.noKey')
      : (keys.find((key) => key.id === id)?.name ?? t('usage.summary.oldKey'));
  return <Shares title={t('usage.summary.byKey')} by="key" nameOf={nameOf} />;
}

/** What was used lately: by day, by model and by key. Nothing where nothing was. */
export function UsageSummary() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data: days = [] } = useQuery(usageSummaryQuery(useHub(), 'day'));
  if (days.length === 0) return null;
  return (
    <Card className="grid gap-4 p-5">
      <h2 className="text-lg">{t('usage.summary.title', { days: formatCount(DAYS_OF_USAGE, language) })}</h2>
      <Days lines={days} />
      <div className="-mx-5 grid items-start gap-x-4 lg:grid-cols-2">
        <Shares title={t('usage.summary.byModel')} by="model" nameOf={(model) => model ?? ''} />
        <KeyShares />
      </div>
    </Card>
  );
}
