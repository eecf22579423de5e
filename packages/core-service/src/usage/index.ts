import type { usageContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { sendCsv } from '../csv.ts';
import { exportUsage } from './export-usage.ts';
import { listUsage } from './list-usage.ts';
import { summarizeUsage } from './summarize-usage.ts';

export const usageHandlers: Handlers<typeof usageContract, CoreDeps> = {
  listUsage: (ctx, { query }) => listUsage(ctx, query),
  usageSummary: (ctx, { query }) => summarizeUsage(ctx, query),
  exportUsage: async (ctx, { query }) => sendCsv(ctx, 'usage.csv', await exportUsage(ctx, query)),
};
