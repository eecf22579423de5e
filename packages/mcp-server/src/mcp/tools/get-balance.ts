import { creditsContract } from '@smart-ai-hub/shared/contracts';
import { defineTool, LOOKS } from '../tool.ts';

export const getBalance = defineTool({
  name: 'get_balance',
  title: 'Balance',
  description: 'Credits that are left, held and available, in micro-credits.',
  annotations: LOOKS,
  permission: creditsContract.getBalance.access,
  input: creditsContract.getBalance.query,
  output: creditsContract.getBalance.success.schema,
  call: ({ core }, query) => core(creditsContract).getBalance({ query }),
});
