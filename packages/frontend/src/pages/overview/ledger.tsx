import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { transactionsQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { CreditsCell, When } from '../../ui/figures.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

function LedgerRow({ row }: { row: Transaction }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell className="max-md:w-full">
        <span className="font-medium">{t(`overview.reasons.${row.reason}`)}</span>
        {row.model && <code className="block text-sm break-all text-ink-soft">{row.model}</code>}
        <span className="block text-sm text-ink-faint md:hidden">
          <When at={row.createdAt} />
        </span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <When at={row.createdAt} />
      </Cell>
      <Cell numeric>
        <span className={row.type === 'credit' ? 'font-medium text-accent' : 'font-medium'}>
          <CreditsCell micro={row.amountMicro} signed />
        </span>
        <span className="block text-sm text-ink-faint md:hidden">
          <CreditsCell micro={row.balanceAfterMicro} />
        </span>
      </Cell>
      <Cell numeric wideOnly className="text-ink-soft">
        <CreditsCell micro={row.balanceAfterMicro} />
      </Cell>
    </tr>
  );
}

function LedgerTable({ rows }: { rows: Transaction[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('overview.ledger.title')}>
      <thead>
        <tr>
          <HeadCell>{t('overview.ledger.what')}</HeadCell>
          <HeadCell wideOnly>{t('overview.ledger.when')}</HeadCell>
          <HeadCell numeric>{t('overview.ledger.amount')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('overview.ledger.after')}
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LedgerRow key={row.id} row={row} />
        ))}
      </tbody>
    </Table>
  );
}

/** Every credit that came or went, newest first. */
export function Ledger() {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(transactionsQuery(useHub()));
  return (
    <div className="grid gap-3">
      <h2 className="text-lg">{t('overview.ledger.title')}</h2>
      <Card className="overflow-hidden">
        <Queried query={pages}>
          {(data) => {
            const rows = data.pages.flatMap((page) => page.items);
            if (rows.length > 0) return <LedgerTable rows={rows} />;
            return (
              <Empty
                icon="overview"
                title={t('overview.ledger.empty')}
                text={t('overview.ledger.emptyText')}
              />
            );
          }}
        </Queried>
        <LoadMore pages={pages} />
      </Card>
    </div>
  );
}
