import { type UsageSummaryLine, usageContract } from '@smart-ai-hub/shared/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

/** As many days as a summary covers where nobody says otherwise. */
export const DAYS_OF_USAGE = 30;

export const usageSummaryQuery = (hub: Hub, by: 'day' | 'model' | 'key') =>
  queryOptions({
    queryKey: ['usage', 'summary', by],
    queryFn: async ({ signal }): Promise<UsageSummaryLine[]> =>
      (await hub.usage.usageSummary({ query: { by } }, { signal })).items,
  });

/** Every call as a file. */
export const USAGE_FILE = usageContract.exportUsage.path;
