import type { pricesContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { sendCsv } from '../csv.ts';
import { listPriceHistory, listPrices } from './list-prices.ts';
import { exportPrices, importPrices } from './price-csv.ts';
import { setPrice, withdrawPrice } from './set-price.ts';

export const priceHandlers: Handlers<typeof pricesContract, CoreDeps> = {
  listPrices: (ctx) => listPrices(ctx),
  listPriceHistory: (ctx, { query }) => listPriceHistory(ctx, query),
  setPrice: (ctx, { body }) => setPrice(ctx, body),
  withdrawPrice: (ctx, { params }) => withdrawPrice(ctx, params.priceId),
  exportPrices: async (ctx) => sendCsv(ctx, 'prices.csv', await exportPrices(ctx)),
  importPrices: (ctx, { body }) => importPrices(ctx, body),
};
