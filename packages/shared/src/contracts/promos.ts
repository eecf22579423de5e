import { z } from 'zod';
import { id, MICRO_PER_CREDIT, microNonNegative, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** 3 to 50 letters, digits and hyphens, whatever their case; blanks around it are a slip of the paste. */
const code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{3,50}$/, 'must be 3 to 50 letters, digits and hyphens');

/** The most that one code gives: a million credits. */
const MAX_CREDITS_MICRO = 1_000_000 * MICRO_PER_CREDIT;
const creditsMicro = z.int().min(1).max(MAX_CREDITS_MICRO);
const maxUses = z.int().min(1).max(10_000_000).nullable();
const expiresAt = timestamp.nullable();
const description = z.string().trim().max(200);

export const promoCode = z.object({
  id,
  code: z.string(),
  creditsMicro,
  /** Without limit where null. */
  maxUses,
  usedCount: z.int().min(0),
  expiresAt,
  active: z.boolean(),
  description: z.string(),
  createdAt: timestamp,
});
export type PromoCode = z.output<typeof promoCode>;

const redemption = z.object({ id, userId: id, creditsMicro: microNonNegative, redeemedAt: timestamp });
export type PromoRedemption = z.output<typeof redemption>;

const dailyUse = z.object({ day: z.iso.date(), uses: z.int(), creditsMicro: microNonNegative });

/** How many codes one batch makes at most. */
export const PROMO_BATCH_LIMIT = 10_000;

const terms = { creditsMicro, expiresAt: expiresAt.default(null), description: description.default('') };

export const promosContract = defineContract({
  listPromoCodes: {
    method: 'GET',
    path: '/api/v1/promo-codes',
    summary: 'Codes, newest first',
    access: 'promos:read',
    query: pageQuery.extend({
      /** What a code begins with. */
      search: code.or(z.string().regex(/^[A-Za-z0-9-]{1,2}$/)).optional(),
      state: z.enum(['open', 'closed']).optional(),
    }),
    success: { status: 200, schema: page(promoCode) },
    problems: [],
  },
  createPromoCode: {
    method: 'POST',
    path: '/api/v1/promo-codes',
    summary: 'Make a code; a random one where none is given',
    access: 'promos:manage',
    stepUp: true,
    body: z.strictObject({ ...terms, code: code.optional(), maxUses: maxUses.default(null) }),
    success: { status: 201, schema: promoCode },
    problems: ['name-taken'],
  },
  createPromoBatch: {
    method: 'POST',
    path: '/api/v1/promo-codes/batch',
    summary: 'Make many random codes on the same terms, each for as many people as said',
    access: 'promos:manage',
    stepUp: true,
    body: z.strictObject({
      ...terms,
      count: z.int().min(1).max(PROMO_BATCH_LIMIT),
      prefix: z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9-]{0,20}$/)
        .default(''),
      maxUses: maxUses.default(1),
    }),
    success: { status: 201, schema: z.object({ codes: z.array(z.string()) }) },
    problems: [],
  },
  updatePromoCode: {
    method: 'PATCH',
    path: '/api/v1/promo-codes/:promoId',
    summary: 'Change the end, the limit or the words of a code, or close it',
    access: 'promos:manage',
    stepUp: true,
    params: z.strictObject({ promoId: id }),
    body: z.strictObject({
      active: z.boolean().optional(),
      expiresAt: expiresAt.optional(),
      maxUses: maxUses.optional(),
      description: description.optional(),
    }),
    success: { status: 200, schema: promoCode },
    problems: ['not-found', 'promo-used-up'],
  },
  listRedemptions: {
    method: 'GET',
    path: '/api/v1/promo-codes/:promoId/redemptions',
    summary: 'Who redeemed a code, newest first',
    access: 'promos:read',
    params: z.strictObject({ promoId: id }),
    query: pageQuery,
    success: { status: 200, schema: page(redemption) },
    problems: ['not-found'],
  },
  promoUse: {
    method: 'GET',
    path: '/api/v1/promo-codes/use',
    summary: 'Uses of all codes and credits given, by day (UTC), for the last days',
    access: 'promos:read',
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) }),
    success: { status: 200, schema: z.object({ items: z.array(dailyUse) }) },
    problems: [],
  },
  validatePromoCode: {
    method: 'POST',
    path: '/api/v1/promo-codes/validate',
    summary: 'What a code would give me, without redeeming it',
    access: 'promos:redeem',
    body: z.strictObject({ code }),
    success: { status: 200, schema: z.object({ creditsMicro, expiresAt }) },
    problems: [
      'promo-not-found',
      'promo-used-up',
      'promo-expired',
      'promo-already-redeemed',
      'too-many-attempts',
    ],
  },
  redeemPromoCode: {
    method: 'POST',
    path: '/api/v1/promo-codes/redeem',
    summary: 'Take what a code gives, once',
    access: 'promos:redeem',
    body: z.strictObject({ code }),
    success: { status: 200, schema: z.object({ creditsMicro, balanceMicro: microNonNegative }) },
    problems: [
      ...(['promo-not-found', 'promo-used-up', 'promo-expired', 'promo-already-redeemed'] as const),
      ...(['too-many-attempts', 'account-frozen'] as const),
    ],
  },
});
