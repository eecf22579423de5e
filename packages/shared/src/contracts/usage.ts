import { z } from 'zod';
import { id, microNonNegative, page, pageQuery, storableTime, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** How a row's tokens were known: said by the provider, or counted by us; `cached` used none. */
export const tokenSource = z.enum(['reported', 'counted', 'cached']);
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
  /** That were delivered. */
  images: z.int(),
  tokenSource,
  status: usageStatus,
  creditsMicro: microNonNegative,
  latencyMs: z.int(),
  createdAt: timestamp,
});
export type UsageRow = z.output<typeof usageRow>;

/** Which rows; `from` is in, `to` is out. */
const usageFilter = z.strictObject({
  userId: id.optional(),
  model: z.string().max(200).optional(),
  keyId: id.optional(),
  status: usageStatus.optional(),
  from: storableTime.optional(),
  to: storableTime.optional(),
});
export type UsageFilter = z.output<typeof usageFilter>;

const isTimeZone = (name: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/**
 * What a summary adds up by. A tool is a model of the service `tool`. A call counts in every team that its person was
 * in, so that teams may add up to more than there was.
 */
export const SUMMARY_KEYS = ['day', 'model', 'service', 'key', 'user', 'team'] as const;

const summaryLine = z.object({
  /** A day as YYYY-MM-DD, a model, a service, or an id; nothing for calls without a key. Calls without a team have no line. */
  name: z.string().nullable(),
  calls: z.int(),
  /** Those that did not end well. */
  failed: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  /** That were delivered. */
  images: z.int(),
  creditsMicro: microNonNegative,
});
export type UsageSummaryLine = z.output<typeof summaryLine>;

export const usageContract = defineContract({
  listUsage: {
    method: 'GET',
    path: '/api/v1/usage/logs',
    summary: 'Calls, newest first, with tokens and cost: mine, or those of a person within my reach',
    access: 'usage:read',
    query: pageQuery.extend(usageFilter.shape),
    success: { status: 200, schema: page(usageRow) },
    problems: ['not-found'],
  },
  usageSummary: {
    method: 'GET',
    path: '/api/v1/usage/summary',
    summary: 'Usage added up by whole hours: mine, of a person within my reach, or of everybody within it',
    access: 'usage:read',
    query: z.strictObject({
      by: z.enum(SUMMARY_KEYS),
      of: z.enum(['me', 'reach']).default('me'),
      userId: id.optional(),
      teamId: id.optional(),
      model: z.string().max(200).optional(),
      /** Thirty days back where it is left out. */
      from: storableTime.optional(),
      to: storableTime.optional(),
      /** Where a day begins, as a name of the IANA database. */
      timeZone: z.string().max(64).refine(isTimeZone, 'is no time zone').default('UTC'),
    }),
    success: { status: 200, schema: z.object({ items: z.array(summaryLine) }) },
    problems: ['not-found'],
  },
  exportUsage: {
    method: 'GET',
    path: '/api/v1/usage/export',
    summary: 'Calls as CSV, newest first, as a stream',
    access: 'usage:read',
    query: usageFilter,
    success: { status: 200, schema: z.string(), type: 'text/csv' },
    problems: ['not-found'],
  },
});
