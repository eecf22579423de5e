import type { UsageSummaryLine } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { allTeamsQuery } from '../../api/people-queries.ts';
import { keysQuery } from '../../api/queries.ts';
import { type UsageScope, usageSummaryQuery } from '../../api/usage-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Count, CreditsCell } from '../../ui/figures.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** A line's name in words. */
type NameOf = (name: string | null) => string;

interface ShareTableProps {
  title: string;
  lines: readonly UsageSummaryLine[];
  nameOf: NameOf;
}

/** What was spent on each, most first. */
function ShareTable({ title, lines, nameOf }: ShareTableProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Table label={title}>
      <thead>
        <tr>
          <HeadCell>{title}</HeadCell>
          <HeadCell numeric>{t('usage.summary.calls')}</HeadCell>
          <HeadCell numeric>{t('usage.cost')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, calls, images, creditsMicro }) => (
          <tr key={name}>
            <Cell className="max-w-0 truncate max-sm:w-full" title={nameOf(name)}>
              {nameOf(name)}
              {images > 0 && (
                <span className="block text-sm text-ink-faint">
                  {t('usage.images', { images: formatCount(images, language) })}
                </span>
              )}
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
  );
}

interface SharesProps {
  scope: UsageScope;
}

export function ModelShares({ scope }: SharesProps) {
  const { t } = useTranslation();
  const shares = useQuery(usageSummaryQuery(useHub(), 'model', scope));
  const title = t('usage.summary.byModel');
  return (
    <Queried query={shares}>
      {(lines) => <ShareTable title={title} lines={lines} nameOf={(model) => model ?? ''} />}
    </Queried>
  );
}

export function KeyShares({ scope }: SharesProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const shares = useQuery(usageSummaryQuery(hub, 'key', scope));
  const { data: keys = [] } = useQuery(keysQuery(hub));
  const nameOf: NameOf = (id) =>
    id === null
      ? t('usage.summary.noKey')
      : (keys.find((key) => key.id === id)?.name ?? t('usage.summary.oldKey'));
  const title = t('usage.summary.byKey');
  return (
    <Queried query={shares}>{(lines) => <ShareTable title={title} lines={lines} nameOf={nameOf} />}</Queried>
  );
}

/** Nothing for those whose calls count in no team. */
export function TeamShares({ scope }: SharesProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const mayKnow = useMay('users:read');
  const shares = useQuery(usageSummaryQuery(hub, 'team', scope));
  const isNone = shares.data?.length === 0;
  const { data: teams = [] } = useQuery({ ...allTeamsQuery(hub), enabled: mayKnow && !isNone });
  if (isNone) return null;
  const nameOf: NameOf = (id) => teams.find((team) => team.id === id)?.name ?? t('usage.summary.oldTeam');
  const title = t('usage.summary.byTeam');
  return (
    <Queried query={shares}>
      {(lines) => (
        <div className="grid gap-2">
          <ShareTable title={title} lines={lines} nameOf={nameOf} />
          {lines.length > 1 && <p className="px-5 text-sm text-ink-faint">{t('usage.summary.manyTeams')}</p>}
        </div>
      )}
    </Queried>
  );
}
