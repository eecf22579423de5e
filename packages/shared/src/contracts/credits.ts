import { z } from 'zod';
import { id, micro, microNonNegative, oneLine, page, pageQuery, storableTime, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

export const balance = z.object({
  balanceMicro: microNonNegative,
  heldMicro: microNonNegative,
  availableMicro: microNonNegative,
});
export type Balance = z.output<typeof balance>;

export const TRANSACTION_REASONS = [
  ...(['purchase', 'usage', 'refund', 'promo', 'adjustment', 'signup'] as const),
] as const;
const reason = z.enum(TRANSACTION_REASONS);

export const transaction = z.object({
  id: z.string(),
  amountMicro: micro,
  balanceAfterMicro: micro,
  type: z.enum(['debit', 'credit']),
  reason,
  requestId: z.string().nullable(),
  model: z.string().nullable(),
  /** What whoever adjusted or refunded said of it. */
  note: z.string().nullable(),
  /** A charge that was given back. */
  isRefunded: z.boolean(),
  createdAt: timestamp,
});
export type Transaction = z.output<typeof transaction>;

/** A line of the ledger has this number. */
const transactionId = z.string().regex(/^[1-9]\d{0,17}$/, 'is no number of a transaction');

/** An active account holds and spends; a frozen one does neither; a closed one takes nothing in either. */
export const ACCOUNT_STATES = ['active', 'frozen', 'closed'] as const;
const accountState = z.enum(ACCOUNT_STATES);

export const account = z.object({
  userId: id,
  status: accountState,
  ...balance.shape,
  createdAt: timestamp,
});
export type Account = z.output<typeof account>;

/** A billion credits: far more than anybody holds, and far from where JSON's numbers lose digits. */
const MAX_ADJUSTMENT_MICRO = 1e15;

/** Up or down, never nothing. */
const adjustment = z
  .int()
  .min(-MAX_ADJUSTMENT_MICRO)
  .max(MAX_ADJUSTMENT_MICRO)
  .refine((amount) => amount !== 0, 'must not be 0');

/** Why, for whoever reads the statement. */
const note = oneLine(200).min(3);

/** Chosen by the caller: asked for again with the same one, nothing happens twice. */
const once = id;

/** What became of a booking: done now, done before under the same id, or why not; `reused` is that id for another amount. */
export const BOOKING_OUTCOMES = [
  'booked',
  'known',
  'reused',
  'no-account',
  'closed',
  'insufficient',
  'too-much',
] as const;

const bulkLine = z.object({
  /** Of the file, the heading being 1. */
  line: z.int(),
  userId: z.string(),
  amountMicro: micro.nullable(),
  outcome: z.enum([...BOOKING_OUTCOMES, 'malformed', 'out-of-reach']),
  /** What is wrong with a malformed line. */
  detail: z.string().nullable(),
  balanceAfterMicro: micro.nullable(),
});
export type BulkLine = z.output<typeof bulkLine>;

/** Lines of one file. */
export const BULK_LIMIT = 10_000;
/** A line of 100 bytes each; what is longer is refused before it is looked at. */
const BULK_BYTES = 1_000_000;

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

const creditSettings = z.object({
  /** Below it the balance is called low. */
  lowBalanceMicro: z.int().min(0).max(1e15),
});
export type CreditSettings = z.output<typeof creditSettings>;

/** One run of the nightly proof. */
const reconciliation = z.object({
  checkedAt: timestamp,
  accounts: z.int(),
  mismatches: z.int(),
  houseLossMicro: microNonNegative,
  expiredHolds: z.int(),
});
export type Reconciliation = z.output<typeof reconciliation>;

/** Whose account, within reach of the permission; one's own by default. */
const whose = z.strictObject({ userId: id.optional() });

/** `from` is in, `to` is out. */
const period = { from: storableTime.optional(), to: storableTime.optional() };

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
    query: pageQuery.extend({ ...whose.shape, ...period, reason: reason.optional() }),
    success: { status: 200, schema: page(transaction) },
    problems: ['not-found'],
  },
  getCreditSettings: {
    method: 'GET',
    path: '/api/v1/credits/settings',
    summary: 'Where my balance is called low',
    access: 'credits:read',
    success: { status: 200, schema: creditSettings },
    problems: ['not-found'],
  },
  updateCreditSettings: {
    method: 'PATCH',
    path: '/api/v1/credits/settings',
    summary: 'Choose where my balance is called low; 0 is never',
    access: 'credits:read',
    body: z.strictObject(creditSettings.shape),
    success: { status: 200, schema: creditSettings },
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
  statement: {
    method: 'GET',
    path: '/api/v1/credits/statement',
    summary: 'The ledger of a period as CSV, oldest first, from its opening to its closing balance',
    access: 'credits:read',
    query: whose.extend(period),
    success: { status: 200, schema: z.string(), type: 'text/csv' },
    problems: ['not-found'],
  },
  listReconciliations: {
    method: 'GET',
    path: '/api/v1/credits/reconciliations',
    summary: 'What the nightly proofs found, newest first',
    access: 'settings:read',
    query: pageQuery,
    success: { status: 200, schema: page(reconciliation) },
    problems: [],
  },
  listAccounts: {
    method: 'GET',
    path: '/api/v1/credits/accounts',
    summary: 'The accounts of everybody within my reach, newest first, or that of one of them',
    access: 'credits:read',
    query: pageQuery.extend({ status: accountState.optional(), userId: id.optional() }),
    success: { status: 200, schema: page(account) },
    problems: [],
  },
  updateAccount: {
    method: 'PATCH',
    path: '/api/v1/credits/accounts/:userId',
    summary: 'Freeze an account, close it, or make it active again',
    access: 'credits:adjust',
    stepUp: true,
    params: z.strictObject({ userId: id }),
    body: z.strictObject({ status: accountState, note }),
    success: { status: 200, schema: account },
    problems: ['not-found'],
  },
  adjust: {
    method: 'POST',
    path: '/api/v1/credits/adjustments',
    summary: 'Add credits to an account or take some off, and say why',
    access: 'credits:adjust',
    stepUp: true,
    body: z.strictObject({ adjustmentId: once, userId: id, amountMicro: adjustment, note }),
    success: { status: 200, schema: transaction },
    problems: ['not-found', 'account-closed', 'insufficient-credits'],
  },
  adjustMany: {
    method: 'POST',
    path: '/api/v1/credits/adjustments/bulk',
    summary:
      'Adjust many accounts by CSV (userId, amount in credits, note): every line or none, or a dry run',
    access: 'credits:adjust',
    stepUp: true,
    body: z.strictObject({
      adjustmentId: once,
      csv: z.string().max(BULK_BYTES),
      dryRun: z.boolean().default(true),
    }),
    success: { status: 200, schema: z.object({ applied: z.boolean(), lines: z.array(bulkLine) }) },
    problems: [],
  },
  refund: {
    method: 'POST',
    path: '/api/v1/credits/transactions/:transactionId/refund',
    summary: 'Give back what a call was charged, once',
    access: 'credits:adjust',
    stepUp: true,
    params: z.strictObject({ transactionId }),
    body: z.strictObject({ note }),
    success: { status: 200, schema: transaction },
    problems: ['not-found', 'account-closed'],
  },
});
