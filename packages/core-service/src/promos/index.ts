import type { promosContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { createPromoBatch, createPromoCode } from './create-promo-code.ts';
import { listPromoCodes, listRedemptions, promoUse } from './list-promo-codes.ts';
import { redeemPromoCode } from './redeem-promo-code.ts';
import { updatePromoCode } from './update-promo-code.ts';
import { validatePromoCode } from './validate-promo-code.ts';

export const promoHandlers: Handlers<typeof promosContract, CoreDeps> = {
  listPromoCodes: (ctx, { query }) => listPromoCodes(ctx, query),
  createPromoCode: (ctx, { body }) => createPromoCode(ctx, body),
  createPromoBatch: (ctx, { body }) => createPromoBatch(ctx, body),
  updatePromoCode: (ctx, { params, body }) => updatePromoCode(ctx, params.promoId, body),
  listRedemptions: (ctx, { params, query }) => listRedemptions(ctx, params.promoId, query),
  promoUse: (ctx, { query }) => promoUse(ctx, query.days),
  validatePromoCode: (ctx, { body }) => validatePromoCode(ctx, body.code),
  redeemPromoCode: (ctx, { body }) => redeemPromoCode(ctx, body.code),
};
