import { type DatedPrice, type Price } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const PAGE_SIZE = 20;
const WHOLE_PAGE = 100;

/** Those in force as the administration sees them: never from a memory of a few minutes ago. */
export const inForceQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['prices', 'in-force'],
    queryFn: async ({ signal }): Promise<Price[]> => (await hub.prices.listPrices({}, { signal })).items,
  });

/** Every price that is not in force yet, the next first. The history has the latest first: they are its head. */
export const toComeQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['prices', 'to-come'],
    queryFn: async ({ signal }): Promise<DatedPrice[]> => {
      const found: DatedPrice[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: DatedPrice[]; nextCursor: string | null } = await hub.prices.listPriceHistory(
          { query: { limit: WHOLE_PAGE, ...(cursor && { cursor }) } },
          { signal },
        );
        const toCome = page.items.filter(({ state }) => state === 'to-come');
        found.unshift(...toCome.toReversed());
        cursor = toCome.length === page.items.length ? page.nextCursor : null;
      }
      return found;
    },
  });

/** Every price that a name ever had, the latest first. */
export const historyQuery = (hub: Hub, model: string) =>
  infiniteQueryOptions({
    queryKey: ['prices', 'history', model],
    queryFn: ({ pageParam, signal }) =>
      hub.prices.listPriceHistory(
        { query: { model, limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** After a price was set or taken back: models show what they cost. */
export async function forgetPrices(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['prices'] }),
    queries.invalidateQueries({ queryKey: ['models'] }),
  ]);
}
