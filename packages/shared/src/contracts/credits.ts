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

/** Whose account, within reach of the permission; one's own by default. */
const whose = z.strictObject({ userId: id.optional() });

export const creditsContract = defineContract({
  getBalance: {
    method: 'GET',
    path: '/api/v1/credits/balance',
    summary: 'The balance, what is held, and what is available: mine, or that of a person within my reach',
    access: 'credits:read',
    query: whose,
    success: { status: 200, schema: balance },
    problems: ['not-found'],
  },
  listTransactions: {
    method: 'GET',
    path: '/api/v1/credits/transactions',
    summary: 'The ledger, newest first: mine, or that of a person within my reach',
    access: 'credits:read',
    query: pageQuery.extend(whose.shape),
    success: { status: 200, schema: page(transaction) },
    problems: ['not-found'],
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
