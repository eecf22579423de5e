import type { creditsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { getBalance } from './get-balance.ts';
import { listTransactions } from './list-transactions.ts';
import { reconcile } from './reconcile.ts';

export const creditHandlers: Handlers<typeof creditsContract, CoreDeps> = {
  getBalance: (ctx, { query }) => getBalance(ctx, query),
  listTransactions: (ctx, { query }) => listTransactions(ctx, query),
  reconcile: (ctx) => reconcile(ctx),
};
