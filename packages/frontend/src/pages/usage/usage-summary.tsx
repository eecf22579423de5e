import type { UsageSummaryLine } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { everyDay } from '../../api/every-day.ts';
import { allTeamsQuery } from '../../api/people-queries.ts';
import {
  DAYS_OF_USAGE,
  MY_USAGE,
  type UsageScope,
  usageScopeOf,
  usageSummaryQuery,
} from '../../api/usage-queries.ts';
import { reachesOthers, useMay, useScopes } from '../../api/use-scopes.ts';
import { formatCount, formatCredits, formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Bars } from '../../ui/bars.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Count, Credits } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { KeyShares, ModelShares, TeamShares } from './usage-shares.tsx';

const total = (lines: readonly UsageSummaryLine[], of: 'calls' | 'images' | 'creditsMicro') =>
  lines.reduce((sum, line) => sum + line[of], 0);

/** What was spent a day, and in all; images are counted for those who make some. */
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
  const images = total(lines, 'images');
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
        {images > 0 && (
          <div>
            <dt className="eyebrow">{t('usage.summary.images')}</dt>
            <dd className="text-2xl font-medium tracking-tight">
              <Count value={images} />
            </dd>
          </div>
        )}
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

function WhoseUsage({ onChange }: { onChange: (scope: UsageScope) => void }) {
  const { t } = useTranslation();
  const mayKnow = useMay('users:read');
  const { data: teams = [] } = useQuery({ ...allTeamsQuery(useHub()), enabled: mayKnow });
  return (
    <SelectField
      label={t('usage.summary.whose')}
      onChange={({ target }) => onChange(usageScopeOf(target.value))}
    >
      <option value="me">{t('usage.summary.me')}</option>
      <option value="reach">{t('usage.summary.reach')}</option>
      {teams.length > 0 && (
        <optgroup label={t('usage.summary.teams')}>
          {teams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </optgroup>
      )}
    </SelectField>
  );
}

/** By day, and by what it went to; keys are one's own alone, and one team is no grouping. */
function Sums({ days, scope }: { days: readonly UsageSummaryLine[]; scope: UsageScope }) {
  const { t } = useTranslation();
  if (days.length === 0) return <p className="text-ink-soft">{t('usage.summary.none')}</p>;
  return (
    <>
      <Days lines={days} />
      <div className="-mx-5 grid items-start gap-x-4 lg:grid-cols-2">
        <ModelShares scope={scope} />
        {scope.of === 'me' && <KeyShares scope={scope} />}
        {scope.teamId === undefined && <TeamShares scope={scope} />}
      </div>
    </>
  );
}

/**
 * What was used lately: by day, by model, by key and by team. Whoever reaches others chooses whose; for everybody
 * else there is nothing where nothing was.
 */
export function UsageSummary() {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayChoose = reachesOthers(useScopes()('usage:read'));
  const [scope, setScope] = useState(MY_USAGE);
  const days = useQuery(usageSummaryQuery(useHub(), 'day', scope));
  if (!mayChoose && !days.data?.length) return null;
  return (
    <Card className="grid gap-4 p-5">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h2 className="text-lg">
          {t('usage.summary.title', { days: formatCount(DAYS_OF_USAGE, language) })}
        </h2>
        {mayChoose && <WhoseUsage onChange={setScope} />}
      </div>
      <Queried query={days}>{(lines) => <Sums days={lines} scope={scope} />}</Queried>
    </Card>
  );
}
