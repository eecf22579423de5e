import { promosContract } from '@smart-ai-hub/shared/contracts';
import { ADDS, defineTool } from '../tool.ts';

export const redeemCode = defineTool({
  name: 'redeem_code',
  title: 'Redeem a code',
  description: 'Takes the credits that a promo code gives; each code works once for a person.',
  annotations: { ...ADDS, idempotentHint: true },
  permission: promosContract.redeemPromoCode.access,
  input: promosContract.redeemPromoCode.body,
  output: promosContract.redeemPromoCode.success.schema,
  call: ({ core }, body) => core(promosContract).redeemPromoCode({ body }),
});
