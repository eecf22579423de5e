import type { UsageRow } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatCount, formatLatency } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Count, CreditsCell, When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** The model, how the call ended where that is worth a word, and the id under which logs find it. */
function CallCell({ row }: { row: UsageRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const flow = {
    tokensIn: formatCount(row.promptTokens, language),
    tokensOut: formatCount(row.completionTokens, language),
  };
  return (
    <Cell className="max-md:w-full max-md:max-w-0">
      <code className="font-medium break-all">{row.model}</code>
      {row.status !== 'ok' && <Badge className="ml-2">{t(`usage.statuses.${row.status}`)}</Badge>}
      <span className="grid text-sm text-ink-faint">
        <span className="md:hidden">
          <When at={row.createdAt} />
        </span>
        <span className="md:hidden">{t('usage.tokensFlow', flow)}</span>
        {row.images > 0 && <span>{t('usage.images', { images: formatCount(row.images, language) })}</span>}
        <code className="truncate text-xs" title={`${t('usage.requestId')} ${row.requestId}`}>
          {row.requestId}
        </code>
      </span>
    </Cell>
  );
}

function CallRow({ row }: { row: UsageRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const source = t(`usage.sources.${row.tokenSource}`);
  return (
    <tr>
      <CallCell row={row} />
      <Cell wideOnly className="text-ink-soft">
        <When at={row.createdAt} />
      </Cell>
      <Cell numeric wideOnly>
        <Count value={row.promptTokens} />
      </Cell>
      <Cell numeric wideOnly>
        <Count value={row.completionTokens} />
      </Cell>
      <Cell wideOnly className="text-ink-soft" title={t(`usage.sourceHints.${row.tokenSource}`)}>
        {source}
      </Cell>
      <Cell numeric wideOnly className="text-ink-soft">
        <span className="figures whitespace-nowrap">{formatLatency(row.latencyMs, language)}</span>
      </Cell>
      <Cell numeric>
        <span className="font-medium">
          <CreditsCell micro={row.creditsMicro} />
        </span>
        <span className="block text-sm whitespace-nowrap text-ink-faint md:hidden">{source}</span>
      </Cell>
    </tr>
  );
}

export function UsageTable({ rows }: { rows: UsageRow[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('usage.title')}>
      <thead>
        <tr>
          <HeadCell>{t('usage.model')}</HeadCell>
          <HeadCell wideOnly>{t('usage.when')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('usage.tokensIn')}
          </HeadCell>
          <HeadCell numeric wideOnly>
            {t('usage.tokensOut')}
          </HeadCell>
          <HeadCell wideOnly>{t('usage.source')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('usage.latency')}
          </HeadCell>
          <HeadCell numeric>{t('usage.cost')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <CallRow key={row.id} row={row} />
        ))}
      </tbody>
    </Table>
  );
}
