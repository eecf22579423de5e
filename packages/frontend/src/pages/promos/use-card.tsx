import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { DayOfUse } from '../../api/every-day.ts';
import { DAYS_OF_USE, promoUseQuery } from '../../api/promo-queries.ts';
import { formatCount, formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Bars } from '../../ui/bars.tsx';
import { Count, Credits } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

function useDayWords() {
  const language = useLanguage();
  return (day: string) => formatDay(day, language, 'UTC');
}

function Totals({ days }: { days: DayOfUse[] }) {
  const { t } = useTranslation();
  const totals = [
    [t('promos.use.uses'), <Count key="uses" value={sum(days.map(({ uses }) => uses))} />],
    [
      t('promos.use.credits'),
      <Credits key="credits" micro={sum(days.map(({ creditsMicro }) => creditsMicro))} />,
    ],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-2">
      {totals.map(([name, value]) => (
        <div key={name}>
          <dt className="eyebrow">{name}</dt>
          <dd className="text-2xl font-medium tracking-tight">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function DayTable({ days }: { days: DayOfUse[] }) {
  const { t } = useTranslation();
  const dayWords = useDayWords();
  return (
    <Table label={t('promos.use.table')}>
      <thead>
        <tr>
          <HeadCell>{t('promos.use.day')}</HeadCell>
          <HeadCell numeric>{t('promos.uses')}</HeadCell>
          <HeadCell numeric>{t('promos.credits')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, uses, creditsMicro }) => (
          <tr key={day}>
            <Cell className="whitespace-nowrap">{dayWords(day)}</Cell>
            <Cell numeric>
              <Count value={uses} />
            </Cell>
            <Cell numeric>
              <Credits micro={creditsMicro} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Use({ days }: { days: DayOfUse[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const dayWords = useDayWords();
  const used = days.filter(({ uses }) => uses > 0);
  if (used.length === 0) return <p className="text-ink-soft">{t('promos.use.none')}</p>;
  const bars = days.map(({ day, uses }) => ({
    label: t('promos.use.bar', { day: dayWords(day), uses: formatCount(uses, language) }),
    value: uses,
  }));
  return (
    <>
      <Totals days={used} />
      <div className="grid gap-1.5">
        <Bars label={t('promos.use.chart')} bars={bars} />
        <p aria-hidden="true" className="flex justify-between text-sm text-ink-faint">
          {[days[0], days.at(-1)].map((end) => end && <span key={end.day}>{dayWords(end.day)}</span>)}
        </p>
      </div>
      <details>
        <summary className="cursor-pointer rounded-lg py-1 font-medium">{t('promos.use.table')}</summary>
        <div className="-mx-5">
          <DayTable days={used.toReversed()} />
        </div>
      </details>
    </>
  );
}

/** How often codes were redeemed lately, and what they gave. */
export function UseCard() {
  const { t } = useTranslation();
  const language = useLanguage();
  const use = useQuery(promoUseQuery(useHub()));
  return (
    <Card className="grid gap-4 p-5">
      <h2 className="text-lg">{t('promos.use.title', { days: formatCount(DAYS_OF_USE, language) })}</h2>
      <Queried query={use}>{(days) => <Use days={days} />}</Queried>
    </Card>
  );
}
