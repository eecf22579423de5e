import type { Transaction } from '@smart-ai-hub/shared/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';
import { CreditsCell, When } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** What may be done about a line, where something may. */
export type LineAction = (row: Transaction) => ReactNode;

function LedgerRow({ row, action }: { row: Transaction; action: LineAction | undefined }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <span className="mr-2 font-medium">{t(`overview.reasons.${row.reason}`)}</span>
        {row.isRefunded && <Badge>{t('overview.ledger.givenBack')}</Badge>}
        {row.model && <code className="block text-sm break-all text-ink-soft">{row.model}</code>}
        {row.note && <span className="block text-sm wrap-anywhere text-ink-soft">{row.note}</span>}
        <span className="block text-sm text-ink-faint lg:hidden">
          <When at={row.createdAt} />
        </span>
        {action?.(row)}
      </Cell>
      <Cell wideOnly="very" className="text-ink-soft">
        <When at={row.createdAt} />
      </Cell>
      <Cell numeric>
        <span className={row.type === 'credit' ? 'font-medium text-accent' : 'font-medium'}>
          <CreditsCell micro={row.amountMicro} signed />
        </span>
        <span className="block text-sm text-ink-faint lg:hidden">
          <CreditsCell micro={row.balanceAfterMicro} />
        </span>
      </Cell>
      <Cell numeric wideOnly="very" className="text-ink-soft">
        <CreditsCell micro={row.balanceAfterMicro} />
      </Cell>
    </tr>
  );
}

export function LedgerTable({ rows, action }: { rows: Transaction[]; action?: LineAction | undefined }) {
  const { t } = useTranslation();
  return (
    <Table label={t('overview.ledger.title')}>
      <thead>
        <tr>
          <HeadCell>{t('overview.ledger.what')}</HeadCell>
          <HeadCell wideOnly="very">{t('overview.ledger.when')}</HeadCell>
          <HeadCell numeric>{t('overview.ledger.amount')}</HeadCell>
          <HeadCell numeric wideOnly="very">
            {t('overview.ledger.after')}
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LedgerRow key={row.id} row={row} action={action} />
        ))}
      </tbody>
    </Table>
  );
}
