import { z } from 'zod';
import { id, micro, microNonNegative, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

export const balance = z.object({
  balanceMicro: microNonNegative,
  heldMicro: microNonNegative,
  availableMicro: microNonNegative,
});
export type Balance = z.output<typeof balance>;

export const transaction = z.object({
  id: z.string(),
  amountMicro: micro,
  balanceAfterMicro: micro,
  type: z.enum(['debit', 'credit']),
  reason: z.enum(['purchase', 'usage', 'refund', 'promo', 'adjustment', 'signup']),
  requestId: z.string().nullable(),
  model: z.string().nullable(),
  createdAt: timestamp,
});
export type Transaction = z.output<typeof transaction>;

const reconcileReport = z.object({
  checkedAt: timestamp,
  accounts: z.int(),
  ledgerSumMicro: micro,
  balanceSumMicro: micro,
  /** Accounts whose ledger does not add up to their balance, or whose holds do not to what is held. */
  mismatches: z.array(
    z.object({
      accountId: id,
      balanceMicro: micro,
      ledgerMicro: micro,
      heldMicro: micro,
      holdsMicro: micro,
    }),
  ),
  /** Cost that no person paid: excess over holds, and holds that expired. */
  houseLossMicro: microNonNegative,
  expiredHolds: z.int(),
});
export type ReconcileReport = z.output<typeof reconcileReport>;

export const creditsContract = defineContract({
  getBalance: {
    method: 'GET',
    path: '/api/v1/credits/balance',
    summary: 'My balance, what is held, and what is available',
    access: 'credits:read',
    success: { status: 200, schema: balance },
    problems: [],
  },
  listTransactions: {
    method: 'GET',
    path: '/api/v1/credits/transactions',
    summary: 'My ledger, newest first',
    access: 'credits:read',
    query: pageQuery,
    success: { status: 200, schema: page(transaction) },
    problems: [],
  },
  reconcile: {
    method: 'GET',
    path: '/api/v1/credits/reconcile',
    summary: 'Prove that every ledger adds up to its balance',
    access: 'settings:read',
    success: { status: 200, schema: reconcileReport },
    problems: [],
  },
});
