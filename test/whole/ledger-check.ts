import { openDatabase } from '@smart-ai-hub/database';
import { expect } from 'vitest';

export interface LedgerCheck extends AsyncDisposable {
  /** Accounts whose ledger does not add up to their balance, or whose holds do not to what is held: none, ever. */
  mismatches: () => Promise<unknown[]>;
  /** What this person paid for: one row a call. */
  charges: (userId: string) => Promise<number[]>;
  account: (userId: string) => Promise<{ balance: number; held: number }>;
  /** Orders the job that ends what has expired, which otherwise runs every minute. */
  sweep: () => Promise<void>;
  /** Holds that nobody has ended yet. */
  openHolds: () => Promise<number>;
  /** How many holds ended how. */
  holdStates: () => Promise<Record<string, number>>;
}

const MISMATCHES = `
  SELECT * FROM (
    SELECT a.id, a.balance, a.held,
      (SELECT coalesce(sum(amount), 0) FROM core.credit_transactions t WHERE t.account_id = a.id) AS ledger,
      (SELECT coalesce(sum(amount), 0) FROM core.credit_holds h WHERE h.account_id = a.id AND h.state = 'held') AS holds
    FROM core.credit_accounts a
  ) account WHERE balance <> ledger OR held <> holds`;

const ACCOUNT = 'SELECT balance, held FROM core.credit_accounts WHERE user_id = $1';

const CHARGES = `
  SELECT -t.amount AS charge FROM core.credit_transactions t JOIN core.credit_accounts a ON a.id = t.account_id
  WHERE a.user_id = $1 AND t.reason = 'usage' ORDER BY t.id`;

/** Looks at the money from outside, as the owner of the database. */
export function openLedgerCheck(ownerUrl: string): LedgerCheck {
  const { pool, close } = openDatabase({ url: ownerUrl, poolMax: 2, name: 'test' });
  return {
    account: async (userId) => {
      const { rows } = await pool.query<{ balance: number; held: number }>(ACCOUNT, [userId]);
      const [account] = rows;
      if (!account) throw new Error('there is no such account');
      return account;
    },
    mismatches: async () => (await pool.query<Record<string, unknown>>(MISMATCHES)).rows,
    charges: async (userId) => {
      const { rows } = await pool.query<{ charge: number }>(CHARGES, [userId]);
      return rows.map(({ charge }) => charge);
    },
    sweep: async () => {
      await pool.query("SELECT core_jobs.add_job('expire-holds', job_key => 'test')");
    },
    openHolds: async () => {
      const { rowCount } = await pool.query(`SELECT FROM core.credit_holds WHERE state = 'held'`);
      return rowCount ?? 0;
    },
    holdStates: async () => {
      const { rows } = await pool.query<{ state: string; count: number }>(
        'SELECT state, count(*) AS count FROM core.credit_holds GROUP BY state',
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Holds that the money is right once everything has settled. */
export async function expectSettled(ledger: LedgerCheck, timeout = 10_000): Promise<void> {
  const swept = async () => {
    await ledger.sweep();
    return ledger.openHolds();
  };
  await expect.poll(swept, { timeout, interval: 200 }).toBe(0);
  expect(await ledger.mismatches()).toEqual([]);
}
