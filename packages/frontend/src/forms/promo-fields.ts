import { promosContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { count, credits, moment, optional, required } from './typed-values.ts';

const { createPromoCode, createPromoBatch, updatePromoCode } = promosContract;
const one = createPromoCode.body.shape;
const batch = createPromoBatch.body.shape;
const maxUses = count.pipe(updatePromoCode.body.shape.maxUses.unwrap());

const terms = {
  creditsMicro: required.pipe(credits).pipe(one.creditsMicro),
  expiresAt: moment.refine((at) => at === null || Date.parse(at) > Date.now()),
  description: one.description,
};

export const newPromoFields = z.object({
  ...terms,
  code: optional(one.code),
  maxUses,
});

export const promoBatchFields = z.object({
  ...terms,
  count: required.pipe(count).pipe(batch.count),
  /** A spreadsheet would compute what begins with a hyphen. */
  prefix: batch.prefix.refine((prefix) => !prefix.startsWith('-')),
  maxUses,
});
export type PromoBatch = z.output<typeof promoBatchFields>;

/** What can be changed of a code. An end that is over is one way to end it now. */
export const promoChangeFields = z.object({
  maxUses,
  expiresAt: moment,
  description: one.description,
});
