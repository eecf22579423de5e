import { isUniqueViolation, type Transaction as DatabaseTransaction } from '@smart-ai-hub/database';
import {
  type BOOKING_OUTCOMES,
  DomainError,
  type ProblemCode,
  type Transaction,
} from '@smart-ai-hub/shared/contracts';
import { type LedgerMetadata, type LedgerRow, transactionView } from './transaction-view.ts';

/** Something to be written into a person's ledger by hand. */
export interface Booking {
  userId: string;
  /** Signed, not 0. */
  amountMicro: number;
  /** Of this account, once: a second booking with it changes nothing. */
  key: string;
  metadata: LedgerMetadata;
}

export interface Booked {
  outcome: (typeof BOOKING_OUTCOMES)[number];
  /** With this line and those before it. */
  balanceAfterMicro: number | null;
  /** What stands in the ledger, where something does. */
  line: Omit<LedgerRow, 'reason'> | null;
}

interface Row {
  outcome: Booked['outcome'];
  id: bigint | null;
  amount: bigint;
  balanceAfter: bigint | null;
  metadata: LedgerMetadata;
  createdAt: Date | null;
}

/** What JSON's numbers hold exactly: a balance beyond it could not be told. */
const MOST = Number.MAX_SAFE_INTEGER;

/**
 * One statement for many bookings: lock the accounts in one order, look at each line with those before it taken into
 * account, and write all of them with their rows in the ledger; or none where one of them cannot be, or nothing is to
 * be written. What is held stays covered. New values come from the locked rows, as in reserve.ts.
 */
const BOOK = `
  WITH asked AS (
    SELECT * FROM unnest($1::uuid[], $2::text[]::bigint[], $3::text[], $4::text[]::jsonb[]) WITH ORDINALITY AS r(user_id, amount, key, metadata, n)
  ), account AS (
    SELECT id, user_id, status, balance, held FROM core.credit_accounts
    WHERE user_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
  ), line AS (
    SELECT a.*, c.id AS account_id, c.status, c.held, t.id AS known_id, t.amount AS known_amount, t.balance_after AS known_after,
      t.metadata AS known_metadata,
      t.created_at AS known_at, c.balance + coalesce(sum(a.amount) FILTER (WHERE t.id IS NULL) OVER (PARTITION BY a.user_id ORDER BY a.n), 0) AS after
    FROM asked a LEFT JOIN account c USING (user_id)
      LEFT JOIN core.credit_transactions t ON t.account_id = c.id AND t.idempotency_key = a.key
  ), judged AS (
    SELECT *, CASE WHEN account_id IS NULL THEN 'no-account' WHEN known_amount <> amount THEN 'reused' WHEN known_id IS NOT NULL THEN 'known' WHEN status = 'closed' THEN 'closed'
      WHEN after < held THEN 'insufficient' WHEN after > ${MOST} THEN 'too-much' ELSE 'booked' END AS outcome
    FROM line
  ), written AS (
    SELECT * FROM judged WHERE $6::boolean AND outcome = 'booked' AND NOT EXISTS (SELECT FROM judged WHERE outcome NOT IN ('booked', 'known'))
  ), updated AS (
    UPDATE core.credit_accounts c SET balance = a.balance + w.total, held = a.held
    FROM (SELECT account_id, sum(amount)::bigint AS total FROM written GROUP BY account_id) w JOIN account a ON a.id = w.account_id
    WHERE c.id = a.id
  ), booked AS (
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key, metadata)
    SELECT account_id, amount, after, CASE WHEN amount > 0 THEN 'credit' ELSE 'debit' END, $5::text, key, metadata FROM written ORDER BY n
    RETURNING id, account_id, idempotency_key, created_at
  )
  SELECT j.outcome, coalesce(b.id, j.known_id) AS id, coalesce(j.known_amount, j.amount) AS amount,
    coalesce(j.known_after, j.after)::bigint AS "balanceAfter", coalesce(j.known_metadata, j.metadata) AS metadata,
    coalesce(b.created_at, j.known_at) AS "createdAt"
  FROM judged j LEFT JOIN booked b ON b.account_id = j.account_id AND b.idempotency_key = j.key
  ORDER BY j.n`;

export interface HowToBook {
  reason: Extract<Transaction['reason'], 'adjustment' | 'refund'>;
  /** Nothing is written otherwise; the answer is the same. */
  apply: boolean;
}

/** Books all of them or none; answers what became, or would become, of each. */
export async function book(
  tx: DatabaseTransaction,
  bookings: readonly Booking[],
  { reason, apply }: HowToBook,
): Promise<Booked[]> {
  const rows = await tx.$queryRawUnsafe<Row[]>(
    BOOK,
    bookings.map(({ userId }) => userId),
    bookings.map(({ amountMicro }) => String(amountMicro)),
    bookings.map(({ key }) => key),
    bookings.map(({ metadata }) => JSON.stringify(metadata)),
    reason,
    apply,
  );
  return rows.map(({ outcome, id, amount, balanceAfter, metadata, createdAt }) => ({
    outcome,
    balanceAfterMicro: balanceAfter === null ? null : Number(balanceAfter),
    line:
      id === null || createdAt === null
        ? null
        : {
            id: Number(id),
            amount: Number(amount),
            balance_after: Number(balanceAfter),
            metadata,
            created_at: createdAt,
          },
  }));
}

/** Runs it again, once, where the same booking was written at the same moment: it is known then. */
export const bookOnce = <T>(work: () => Promise<T>): Promise<T> =>
  work().catch((error: unknown) => {
    if (isUniqueViolation(error)) return work();
    throw error;
  });

/** The line that was written, or was before; throws why there is none. */
export function lineOf([booked]: readonly Booked[], reason: HowToBook['reason']): Transaction {
  if (booked?.line && booked.outcome !== 'reused')
    return transactionView({ ...booked.line, reason, is_refunded: false });
  const problem = booked && PROBLEM[booked.outcome];
  throw new DomainError(problem ?? 'not-found');
}

const PROBLEM: Partial<Record<Booked['outcome'], ProblemCode>> = {
  closed: 'account-closed',
  insufficient: 'insufficient-credits',
  'too-much': 'invalid-request',
  reused: 'invalid-request',
};
