import { internalContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import { accessOf } from './access/access-of.ts';
import { rolesOf } from './access/roles-of.ts';
import type { CoreDeps } from './context.ts';
import { release } from './credits/end-holds.ts';
import { openAccount } from './credits/open-account.ts';
import { reserve } from './credits/reserve.ts';
import { settle } from './credits/settle.ts';
import { listPrices } from './prices/list-prices.ts';

/** The part of the internal contract that this service answers. */
export const coreInternalContract = {
  openAccount: internalContract.openAccount,
  accessOf: internalContract.accessOf,
  rolesOf: internalContract.rolesOf,
  reserve: internalContract.reserve,
  settle: internalContract.settle,
  release: internalContract.release,
  prices: internalContract.prices,
};

export const internalHandlers: Handlers<typeof coreInternalContract, CoreDeps> = {
  openAccount: async (ctx, { body }) => {
    await openAccount(ctx, body);
    return accessOf(ctx, body.userId);
  },
  accessOf: (ctx, { body: { userId } }) => accessOf(ctx, userId),
  rolesOf: async (ctx, { body: { userIds } }) => ({ items: await rolesOf(ctx, userIds) }),
  reserve: async (ctx, { body }) => ({ items: await reserve(ctx, body.items) }),
  settle: async (ctx, { body }) => ({ items: await settle(ctx, body.items) }),
  release: async (ctx, { body }) => ({ released: await release(ctx, body.holdIds) }),
  prices: (ctx) => listPrices(ctx),
};
