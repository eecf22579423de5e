import { promosContract } from '@smart-ai-hub/shared/contracts';
import { defineTool, LOOKS } from '../tool.ts';

export const listPromos = defineTool({
  name: 'list_promos',
  title: 'Promo codes',
  description: 'Promo codes, newest first, with what they give and how often they were used.',
  annotations: LOOKS,
  permission: promosContract.listPromoCodes.access,
  input: promosContract.listPromoCodes.query,
  output: promosContract.listPromoCodes.success.schema,
  call: ({ core }, query) => core(promosContract).listPromoCodes({ query }),
});
