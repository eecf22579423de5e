import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';
import { everyDay } from './every-day.ts';

const PAGE_SIZE = 20;
/** How many days back the use of codes is shown. */
export const DAYS_OF_USE = 30;

export interface PromoFilter {
  search: string;
  /** All where it is empty. */
  state: 'open' | 'closed' | '';
}

export const promosQuery = (hub: Hub, { search, state }: PromoFilter) =>
  infiniteQueryOptions({
    queryKey: ['promos', 'list', search, state],
    queryFn: ({ pageParam, signal }) =>
      hub.promos.listPromoCodes(
        { query: { ...pageOf(pageParam), ...(search && { search }), ...(state && { state }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const redemptionsQuery = (hub: Hub, promoId: string) =>
  infiniteQueryOptions({
    queryKey: ['promos', 'redemptions', promoId],
    queryFn: ({ pageParam, signal }) =>
      hub.promos.listRedemptions({ params: { promoId }, query: pageOf(pageParam) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const promoUseQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['promos', 'use'],
    queryFn: async ({ signal }) => {
      const { items } = await hub.promos.promoUse({ query: { days: DAYS_OF_USE } }, { signal });
      return everyDay(items, DAYS_OF_USE);
    },
  });

/** After a code was made, changed or redeemed. */
export const forgetPromos = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ['promos'] });

/** What a redeemed code changes. */
export const REDEEMED = [['credits'], ['promos']] as const;

const pageOf = (cursor: string) => ({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
