import { promosContract } from '@smart-ai-hub/shared/contracts';
import { ADDS, defineTool } from '../tool.ts';

export const createPromo = defineTool({
  name: 'create_promo',
  title: 'Make a promo code',
  description: 'Makes a promo code that gives credits; a random one where no code is named.',
  annotations: ADDS,
  permission: promosContract.createPromoCode.access,
  input: promosContract.createPromoCode.body,
  output: promosContract.createPromoCode.success.schema,
  call: ({ core }, body) => core(promosContract).createPromoCode({ body }),
});
