import { creditsContract } from '@smart-ai-hub/shared/contracts';
import { defineTool, LOOKS } from '../tool.ts';

export const listTransactions = defineTool({
  name: 'list_transactions',
  title: 'Transactions',
  description: 'The ledger, newest first: what was added and what was spent, with the balance after each.',
  annotations: LOOKS,
  permission: creditsContract.listTransactions.access,
  input: creditsContract.listTransactions.query,
  output: creditsContract.listTransactions.success.schema,
  call: ({ core }, query) => core(creditsContract).listTransactions({ query }),
});
