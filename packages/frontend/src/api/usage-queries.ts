import { type UsageSummaryLine, usageContract } from '@smart-ai-hub/shared/contracts';
import { queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

/** As many days as a summary covers where nobody says otherwise. */
export const DAYS_OF_USAGE = 30;

/** One's own, or that of everybody whom one reaches, as far as it counts in a team where one is named. */
export interface UsageScope {
  of: 'me' | 'reach';
  teamId?: string | undefined;
}

export const MY_USAGE: UsageScope = { of: 'me' };

/** A choice among these in one word: `me`, `reach`, or the id of a team. */
export const usageScopeOf = (chosen: string): UsageScope =>
  chosen === 'me' || chosen === 'reach' ? { of: chosen } : { of: 'reach', teamId: chosen };

export const usageSummaryQuery = (hub: Hub, by: 'day' | 'model' | 'key' | 'team', scope: UsageScope) =>
  queryOptions({
    queryKey: ['usage', 'summary', by, scope],
    queryFn: async ({ signal }): Promise<UsageSummaryLine[]> =>
      (await hub.usage.usageSummary({ query: { by, ...scope } }, { signal })).items,
  });

/** Every call as a file. */
export const USAGE_FILE = usageContract.exportUsage.path;
