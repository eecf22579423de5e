import { type Account, creditsContract, type Transaction } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Hub } from './hub.ts';
import { withQuery } from './with-query.ts';

const PAGE_SIZE = 20;

/** Days as the moments at which they begin: `from` is in, `to` is out. */
export interface Period {
  from?: string | undefined;
  to?: string | undefined;
}

export interface LedgerFilter extends Period {
  reason?: Transaction['reason'] | undefined;
}

/** The ledger of a person, one's own where nobody is named. */
export const ledgerQuery = (hub: Hub, userId: string | undefined, filter: LedgerFilter) =>
  infiniteQueryOptions({
    queryKey: ['credits', 'ledger', userId, filter],
    queryFn: ({ pageParam, signal }) =>
      hub.credits.listTransactions({ query: { ...pageOf(pageParam), userId, ...filter } }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const balanceOfQuery = (hub: Hub, userId: string) =>
  queryOptions({
    queryKey: ['credits', 'balance', userId],
    queryFn: ({ signal }) => hub.credits.getBalance({ query: { userId } }, { signal }),
  });

/** All accounts where there is no status. */
export const accountsQuery = (hub: Hub, status: Account['status'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['credits', 'accounts', status],
    queryFn: ({ pageParam, signal }) =>
      hub.credits.listAccounts({ query: { ...pageOf(pageParam), status } }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const proofsQuery = (hub: Hub) =>
  infiniteQueryOptions({
    queryKey: ['credits', 'proofs'],
    queryFn: ({ pageParam, signal }) =>
      hub.credits.listReconciliations({ query: pageOf(pageParam) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** The address of the same ledger as a file. */
export const statementFile = (userId: string | undefined, { from, to }: Period): string =>
  withQuery(creditsContract.statement.path, { userId, from, to });

/** After credits came or went, or an account changed its state: it shows in lists, ledgers and balances alike. */
export const forgetCredits = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ['credits'] });

const pageOf = (cursor: string) => ({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
