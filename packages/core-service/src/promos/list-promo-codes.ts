import type { PromoCode, PromoRedemption } from '@smart-ai-hub/shared/contracts';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { type PromoRow, promoView } from './promo-view.ts';

const keyIn = (cursor: string | undefined) => {
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  return [micros, id];
};

/** Hyphens, letters and digits alone reach this, so that nothing in it is a wildcard. */
const LIST = `
  SELECT id, code, credits, max_uses AS "maxUses", used_count AS "usedCount", expires_at AS "expiresAt", active,
    description, created_at AS "createdAt", (extract(epoch FROM created_at) * 1000000)::bigint AS micros
  FROM core.promo_codes
  WHERE ($1::text IS NULL OR lower(code::text) LIKE lower($1) || '%')
    AND ($2::text IS NULL OR ($2 = 'open') =
      (active AND (expires_at IS NULL OR expires_at > now()) AND (max_uses IS NULL OR used_count < max_uses)))
    AND ($3::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;

export interface PromoQuery extends PageInput {
  search?: string | undefined;
  state?: 'open' | 'closed' | undefined;
}

/** Codes, newest first, by keyset over time and id. `open` are those that somebody could redeem now. */
export async function listPromoCodes(
  { database: { pool } }: CoreDeps,
  { limit, cursor, search, state }: PromoQuery,
): Promise<Page<PromoCode>> {
  const values = [search ?? null, state ?? null, ...keyIn(cursor), limit + 1];
  const { rows } = await pool.query<PromoRow & { micros: number }>(LIST, values);
  return pageOf(rows, limit, timeCursor, promoView);
}

const REDEMPTIONS = `
  SELECT id, user_id, credits, redeemed_at, (extract(epoch FROM redeemed_at) * 1000000)::bigint AS micros
  FROM core.promo_redemptions
  WHERE code_id = $1
    AND ($2::bigint IS NULL OR (redeemed_at, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
  ORDER BY redeemed_at DESC, id DESC LIMIT $4`;

interface RedemptionRow {
  id: string;
  user_id: string;
  credits: number;
  redeemed_at: Date;
  micros: number;
}

/** Who redeemed a code, newest first. */
export async function listRedemptions(
  { database: { pool, prisma } }: CoreDeps,
  promoId: string,
  { limit, cursor }: PageInput,
): Promise<Page<PromoRedemption>> {
  if ((await prisma.promoCode.count({ where: { id: promoId } })) === 0) throw new DomainError('not-found');
  const { rows } = await pool.query<RedemptionRow>(REDEMPTIONS, [promoId, ...keyIn(cursor), limit + 1]);
  return pageOf(rows, limit, timeCursor, ({ id, user_id: userId, credits, redeemed_at: redeemedAt }) => ({
    ...{ id, userId },
    creditsMicro: credits,
    redeemedAt: redeemedAt.toISOString(),
  }));
}

const USE = `
  SELECT to_char(redeemed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS uses, sum(credits)::bigint AS credits
  FROM core.promo_redemptions
  WHERE redeemed_at >= (date_trunc('day', now() AT TIME ZONE 'UTC') - make_interval(days => $1 - 1)) AT TIME ZONE 'UTC'
  GROUP BY day ORDER BY day`;

/** Uses and credits given by day, for days that had any. */
export async function promoUse({ database: { pool } }: CoreDeps, days: number) {
  const { rows } = await pool.query<{ day: string; uses: number; credits: number }>(USE, [days]);
  return { items: rows.map(({ day, uses, credits }) => ({ day, uses, creditsMicro: credits })) };
}
