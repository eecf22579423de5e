import { z } from 'zod';
import { id, microNonNegative, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** How a row's tokens were known: said by the provider, or counted by us. */
export const tokenSource = z.enum(['reported', 'counted']);
/** How the call ended, for the usage row. */
export const usageStatus = z.enum(['ok', 'client-closed', 'provider-error']);

export const usageRow = z.object({
  id,
  requestId: z.string(),
  keyId: id.nullable(),
  service: z.string(),
  model: z.string(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  tokenSource,
  status: usageStatus,
  creditsMicro: microNonNegative,
  latencyMs: z.int(),
  createdAt: timestamp,
});
export type UsageRow = z.output<typeof usageRow>;

export const usageContract = defineContract({
  listUsage: {
    method: 'GET',
    path: '/api/v1/usage/logs',
    summary: 'Calls, newest first, with tokens and cost: mine, or those of a person within my reach',
    access: 'usage:read',
    query: pageQuery.extend({ userId: id.optional() }),
    success: { status: 200, schema: page(usageRow) },
    problems: ['not-found'],
  },
});
