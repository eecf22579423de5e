import { type Account, creditsContract, type Transaction } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Hub } from './hub.ts';
import { personQuery } from './people-queries.ts';
import { withQuery } from './with-query.ts';

const PAGE_SIZE = 20;
const SLOWLY_CHANGING = 5 * 60_000;

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

/** Where the person who is signed in calls their balance low. Not among `credits`: no charge changes it. */
export const creditSettingsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['credit-settings'],
    queryFn: ({ signal }) => hub.credits.getCreditSettings({}, { signal }),
    staleTime: SLOWLY_CHANGING,
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

export interface FoundAccounts {
  accounts: Account[];
  /** How many people were looked at, where there are more. */
  firstPeople: number | undefined;
}

/** The accounts of people whose address begins so: of as many as one page has. Their names are known from then on. */
export const foundAccountsQuery = (hub: Hub, search: string, status: Account['status'] | undefined) =>
  queryOptions({
    queryKey: ['credits', 'accounts', 'of', search, status],
    queryFn: async ({ signal, client }): Promise<FoundAccounts> => {
      const people = await hub.users.listUsers({ query: { search, limit: PAGE_SIZE } }, { signal });
      for (const person of people.items) client.setQueryData(personQuery(hub, person.id).queryKey, person);
      const found = await Promise.all(
        people.items.map(({ id: userId }) =>
          hub.credits.listAccounts({ query: { userId, status, limit: 1 } }, { signal }),
        ),
      );
      return {
        accounts: found.flatMap(({ items }) => items),
        firstPeople: people.nextCursor === null ? undefined : people.items.length,
      };
    },
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
