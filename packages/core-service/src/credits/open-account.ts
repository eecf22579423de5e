import type { CoreDeps } from '../context.ts';

/**
 * Opens a person's credit account with the sign-up credit and the first role: once, however often and from
 * however many places it is called, in one statement.
 */
const OPEN = `
  WITH opened AS (
    INSERT INTO core.credit_accounts (user_id, balance) VALUES ($1, $2)
    ON CONFLICT (user_id) DO NOTHING RETURNING id
  ), booked AS (
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key)
    SELECT id, $2, $2, 'credit', 'signup', 'signup' FROM opened WHERE $2::bigint > 0
  )
  INSERT INTO core.user_roles (user_id, role_id)
  SELECT $1, r.id FROM opened, core.roles r WHERE r.name IN ('user', $3)
  ON CONFLICT DO NOTHING`;

export async function openAccount(
  { database: { pool }, signupCreditMicro }: CoreDeps,
  { userId, role }: { userId: string; role: 'user' | 'superadmin' },
): Promise<void> {
  await pool.query(OPEN, [userId, signupCreditMicro, role]);
}
