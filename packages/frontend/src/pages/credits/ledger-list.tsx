import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useHub } from '../../api/app-context.tsx';
import { type LedgerFilter, ledgerQuery } from '../../api/credit-queries.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { LedgerTable, type LineAction } from './ledger-table.tsx';

interface LedgerListProps {
  /** One's own ledger where nobody is named. */
  userId?: string | undefined;
  filter: LedgerFilter;
  /** What stands in place of an empty list. */
  empty: ReactNode;
  action?: LineAction | undefined;
}

/** The lines of a ledger, newest first. */
export function LedgerList({ userId, filter, empty, action }: LedgerListProps) {
  const pages = useInfiniteQuery(ledgerQuery(useHub(), userId, filter));
  return (
    <Card className="overflow-hidden">
      <Queried query={pages}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          return rows.length > 0 ? <LedgerTable rows={rows} action={action} /> : empty;
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}
