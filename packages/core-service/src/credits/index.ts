import type { creditsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { sendCsv } from '../csv.ts';
import { adjust } from './adjust.ts';
import { adjustMany } from './adjust-many.ts';
import { getCreditSettings, updateCreditSettings } from './credit-settings.ts';
import { getBalance } from './get-balance.ts';
import { listAccounts } from './list-accounts.ts';
import { listReconciliations } from './list-reconciliations.ts';
import { listTransactions } from './list-transactions.ts';
import { reconcile } from './reconcile.ts';
import { refund } from './refund.ts';
import { statement } from './statement.ts';
import { updateAccount } from './update-account.ts';

export const creditHandlers: Handlers<typeof creditsContract, CoreDeps> = {
  getBalance: (ctx, { query }) => getBalance(ctx, query),
  listTransactions: (ctx, { query }) => listTransactions(ctx, query),
  statement: async (ctx, { query }) => sendCsv(ctx, 'statement.csv', await statement(ctx, query)),
  getCreditSettings: (ctx) => getCreditSettings(ctx),
  updateCreditSettings: (ctx, { body }) => updateCreditSettings(ctx, body),
  reconcile: (ctx) => reconcile(ctx),
  listReconciliations: (ctx, { query }) => listReconciliations(ctx, query),
  listAccounts: (ctx, { query }) => listAccounts(ctx, query),
  updateAccount: (ctx, { params, body }) => updateAccount(ctx, { ...params, ...body }),
  adjust: (ctx, { body }) => adjust(ctx, body),
  adjustMany: (ctx, { body }) => adjustMany(ctx, body),
  refund: (ctx, { params, body }) => refund(ctx, { ...params, ...body }),
};
