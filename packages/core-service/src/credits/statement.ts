import { Readable } from 'node:stream';
import { DomainError, MICRO_PER_CREDIT } from '@smart-ai-hub/shared/contracts';
import { subjectOf } from '../access/subject-of.ts';
import type { CoreDeps, SignedInContext } from '../context.ts';
import { csvLine } from '../csv.ts';
import { LEDGER_COLUMNS, type LedgerRow } from './transaction-view.ts';

/** The last line before a moment, or the very last; what comes later is not of this statement. */
const LAST = `
  SELECT a.id, coalesce(t.id, 0) AS last, coalesce(t.balance_after, 0) AS balance
  FROM core.credit_accounts a LEFT JOIN LATERAL (
    SELECT id, balance_after FROM core.credit_transactions
    WHERE account_id = a.id AND ($2::timestamptz IS NULL OR created_at < $2) ORDER BY id DESC LIMIT 1
  ) t ON true
  WHERE a.user_id = $1`;

const LINES = `
  SELECT ${LEDGER_COLUMNS} FROM core.credit_transactions t
  WHERE t.account_id = $1 AND t.id > $2 AND t.id <= $3 ORDER BY t.id LIMIT $4`;

/** Lines that one question asks for. */
const BATCH = 1000;

const COLUMNS = ['time', 'number', 'reason', 'detail', 'requestId', 'credits', 'balance'];

export interface Period {
  userId?: string | undefined;
  /** In. */
  from?: string | undefined;
  /** Out. */
  to?: string | undefined;
}

/**
 * The ledger of a period as CSV, oldest first, between its opening and its closing balance: each balance is the one
 * above plus the line's credits. A batch is in memory at a time. Throws `not-found` for whom the actor does not reach.
 */
export async function statement(ctx: SignedInContext, { userId, from, to }: Period): Promise<Readable> {
  const subject = await subjectOf(ctx, 'credits:read', userId);
  const closing = await lastBefore(ctx, subject, to);
  const opening =
    from === undefined ? { ...closing, last: 0, balance: 0 } : await lastBefore(ctx, subject, from);
  return Readable.from(lines(ctx, opening, closing));
}

interface Standing {
  /** Of the account. */
  id: string;
  last: number;
  balance: number;
}

async function lastBefore(
  { database: { pool } }: CoreDeps,
  userId: string,
  moment?: string,
): Promise<Standing> {
  const { rows } = await pool.query<Standing>(LAST, [userId, moment ?? null]);
  const [standing] = rows;
  if (standing) return standing;
  throw new DomainError('not-found', { detail: 'there is no credit account' });
}

async function* lines(
  { database: { pool } }: CoreDeps,
  opening: Standing,
  closing: Standing,
): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  yield csvLine(['', '', 'opening balance', '', '', '', inCredits(opening.balance)]);
  let { last } = opening;
  while (last < closing.last) {
    const { rows } = await pool.query<LedgerRow>(LINES, [closing.id, last, closing.last, BATCH]);
    yield rows.map(lineOf).join('');
    last = rows.at(-1)?.id ?? closing.last;
  }
  yield csvLine(['', '', 'closing balance', '', '', '', inCredits(closing.balance)]);
}

const lineOf = ({ created_at, id, reason, metadata, amount, balance_after }: LedgerRow) =>
  csvLine([
    ...[created_at.toISOString(), String(id), reason, metadata.note ?? metadata.model ?? ''],
    ...[metadata.requestId ?? '', inCredits(amount), inCredits(balance_after)],
  ]);

/** Credits with all six decimals, exactly. */
function inCredits(micro: number): string {
  const [whole, rest] = [Math.trunc(Math.abs(micro) / MICRO_PER_CREDIT), Math.abs(micro) % MICRO_PER_CREDIT];
  return `${micro < 0 ? '-' : ''}${whole}.${String(rest).padStart(6, '0')}`;
}
