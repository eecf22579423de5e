import { randomUUID } from 'node:crypto';
import { isUniqueViolation } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { limitGuesses } from './limit-guesses.ts';
import { refusalOf } from './validate-promo-code.ts';

/**
 * One statement: lock the account, count the use where the code still has one, note who redeemed, and let the
 * balance grow with its row in the ledger; or none of it. The code's row is looked at anew once it is locked, so
 * that its limit holds whatever runs at the same time; a second redemption of one person meets the unique index. New
 * values come from the locked account, as in credits/reserve.ts.
 */
const REDEEM = `
  WITH account AS (
    SELECT id, balance, held FROM core.credit_accounts WHERE user_id = $2 AND status = 'active' FOR UPDATE
  ), use AS (
    UPDATE core.promo_codes SET used_count = used_count + 1
    WHERE code = $1 AND active AND (expires_at IS NULL OR expires_at > now())
      AND (max_uses IS NULL OR used_count < max_uses) AND EXISTS (SELECT FROM account)
    RETURNING id, credits
  ), redeemed AS (
    INSERT INTO core.promo_redemptions (id, code_id, user_id, credits, address, user_agent)
    SELECT $3, id, $2, credits, $4, $5 FROM use
  ), credited AS (
    UPDATE core.credit_accounts c SET balance = a.balance + use.credits, held = a.held FROM account a, use WHERE c.id = a.id
    RETURNING c.id, c.balance, use.credits
  ), booked AS (
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key)
    SELECT id, credits, balance, 'credit', 'promo', 'promo:' || $3 FROM credited
  )
  SELECT credits AS "creditsMicro", balance AS "balanceMicro" FROM credited`;

interface Redeemed {
  creditsMicro: number;
  balanceMicro: number;
}

/** The longest client name that is kept. */
const USER_AGENT = 400;

/** Gives a person what a code is worth, once; throws what stands in the way. */
export async function redeemPromoCode(ctx: SignedInContext, code: string): Promise<Redeemed> {
  const { database, actor, address, userAgent } = ctx;
  return limitGuesses(ctx, async () => {
    const who = [address, userAgent?.slice(0, USER_AGENT) ?? null];
    const [redeemed] = await redeem(ctx, [code, actor.userId, randomUUID(), ...who]);
    if (redeemed) return redeemed;
    throw (await refusalOf(database, code, actor.userId)) ?? new DomainError('account-frozen');
  });
}

async function redeem({ database: { pool } }: SignedInContext, values: unknown[]): Promise<Redeemed[]> {
  try {
    return (await pool.query<Redeemed>({ name: 'redeem-promo', text: REDEEM, values })).rows;
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('promo-already-redeemed', { cause: error });
    throw error;
  }
}
