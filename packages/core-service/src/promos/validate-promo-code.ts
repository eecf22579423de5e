import type { Database } from '@smart-ai-hub/database';
import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { limitGuesses } from './limit-guesses.ts';

/** What a code would give this person now; throws what would stand in the way. */
export async function validatePromoCode(
  ctx: SignedInContext,
  code: string,
): Promise<{ creditsMicro: number; expiresAt: string | null }> {
  return limitGuesses(ctx, async () => {
    const refusal = await refusalOf(ctx.database, code, ctx.actor.userId);
    if (refusal) throw refusal;
    const { credits, expiresAt } = await ctx.database.prisma.promoCode.findUniqueOrThrow({ where: { code } });
    return { creditsMicro: Number(credits), expiresAt: expiresAt?.toISOString() ?? null };
  });
}

/** Why this person does not get what the code gives; nothing where they would. A closed code is none. */
export async function refusalOf(
  { pool }: Database,
  code: string,
  userId: string,
): Promise<DomainError | undefined> {
  const { rows } = await pool.query<{ problem: ProblemCode | null }>({
    name: 'promo-refusal',
    text: REFUSAL,
    values: [code, userId],
  });
  const problem = rows.length === 0 ? 'promo-not-found' : rows[0]?.problem;
  return problem ? new DomainError(problem) : undefined;
}

const REFUSAL = `
  SELECT CASE
    WHEN EXISTS (SELECT FROM core.promo_redemptions r WHERE r.code_id = c.id AND r.user_id = $2) THEN 'promo-already-redeemed'
    WHEN c.expires_at <= now() THEN 'promo-expired'
    WHEN c.used_count >= c.max_uses THEN 'promo-used-up'
  END AS problem
  FROM core.promo_codes c WHERE c.code = $1 AND c.active`;
