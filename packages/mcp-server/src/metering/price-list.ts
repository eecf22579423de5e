import { type Client, type internalContract, type Price, priceOf } from '@smart-ai-hub/shared/contracts';

/** Milliseconds that prices are believed. */
const FRESH = 30_000;

export type PriceList = (model: string) => Promise<Price | undefined>;

/** Prices in force, asked for at most every 30 s; the last known ones serve while core-service is away. */
export function openPriceList(
  core: Client<typeof internalContract>,
  now: () => number = Date.now,
): PriceList {
  let prices: Price[] | undefined;
  let fetchedAt = -Infinity;
  let fetching: Promise<Price[]> | undefined;

  const refresh = async () => {
    fetching ??= core
      .prices()
      .then(({ items }) => {
        prices = items;
        fetchedAt = now();
        return items;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };

  return async (model) => {
    if (prices === undefined) return priceOf(await refresh(), model);
    if (now() - fetchedAt > FRESH) refresh().catch(() => undefined); // the known prices stand in meanwhile
    return priceOf(prices, model);
  };
}
