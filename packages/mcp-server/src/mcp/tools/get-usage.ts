import { usageContract } from '@smart-ai-hub/shared/contracts';
import { defineTool, LOOKS } from '../tool.ts';

export const getUsage = defineTool({
  name: 'get_usage',
  title: 'Usage',
  description:
    'Calls, tokens, images and cost, added up by day, model, service, key, person or team; 30 days back by default.',
  annotations: LOOKS,
  permission: usageContract.usageSummary.access,
  input: usageContract.usageSummary.query,
  output: usageContract.usageSummary.success.schema,
  call: ({ core }, query) => core(usageContract).usageSummary({ query }),
});
