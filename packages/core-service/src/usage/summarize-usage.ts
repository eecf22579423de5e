import type { SUMMARY_KEYS, UsageSummaryLine } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';

type SummaryKey = (typeof SUMMARY_KEYS)[number];

export interface SummaryQuery {
  by: SummaryKey;
  of: 'me' | 'reach';
  userId?: string | undefined;
  model?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  timeZone: string;
}

/** Milliseconds that are looked back on where nobody says. */
const PERIOD = 30 * 24 * 3600 * 1000;
/** Lines of one summary at most: those that cost the most. */
const LINES = 1000;

const NAME: Record<SummaryKey, string> = {
  day: "to_char(hour AT TIME ZONE $5, 'YYYY-MM-DD')",
  model: 'model',
  service: 'service',
  key: "nullif(key_id::text, '00000000-0000-0000-0000-000000000000')",
  user: 'user_id::text',
};

/** Days in their order; everything else by what it cost. */
const orderOf = (by: SummaryKey) => (by === 'day' ? 'name' : '"creditsMicro" DESC, name');

/**
 * Sums of whole hours: those that are rolled up, and the rows of the hours since, which are exactly the others: both
 * are read in one snapshot with the moment at which they part.
 */
const summaryOf = (by: SummaryKey, people: string) => `
  WITH parting AS (
    SELECT until, date_trunc('hour', $2::timestamptz, 'UTC') AS first FROM core.usage_rolled_up
  ), counted AS (
    SELECT hour, user_id, service, model, key_id, calls, failed, prompt_tokens, completion_tokens, credits
    FROM core.usage_rollups
    WHERE ${people} AND hour >= (SELECT first FROM parting) AND hour < $3 AND hour < (SELECT until FROM parting)
    UNION ALL
    SELECT created_at, user_id, service, model, coalesce(key_id, '00000000-0000-0000-0000-000000000000'), 1,
      (status <> 'ok')::int, prompt_tokens, completion_tokens, credits
    FROM core.usage_logs
    WHERE ${people} AND created_at >= (SELECT greatest(first, until) FROM parting) AND created_at < $3
  )
  SELECT ${NAME[by]} AS name, sum(calls)::bigint AS calls, sum(failed)::bigint AS failed,
    sum(prompt_tokens)::bigint AS "promptTokens", sum(completion_tokens)::bigint AS "completionTokens",
    sum(credits)::bigint AS "creditsMicro"
  FROM counted WHERE ($4::text IS NULL OR model = $4) AND $5::text IS NOT NULL
  GROUP BY 1 ORDER BY ${orderOf(by)} LIMIT ${LINES}`;

/** What was used, added up; of the actor, of a person whom the actor reaches, or of everybody whom they reach. */
export async function summarizeUsage(
  ctx: SignedInContext,
  { by, of, userId, model, from, to, timeZone }: SummaryQuery,
): Promise<{ items: UsageSummaryLine[] }> {
  const people = await peopleOf(ctx, of, userId);
  const until = to ?? new Date().toISOString();
  const since = from ?? new Date(Date.parse(until) - PERIOD).toISOString();
  const [condition, who] =
    people === undefined
      ? ['$1::uuid[] IS NULL', null]
      : people.length === 1
        ? ['user_id = ($1::uuid[])[1]', people]
        : ['user_id = ANY($1::uuid[])', people];
  const { rows } = await ctx.database.pool.query<UsageSummaryLine>(summaryOf(by, condition), [
    ...[who, since, until, model ?? null, timeZone],
  ]);
  return { items: rows };
}

/** Whose usage is meant; nothing for everybody's. */
async function peopleOf(
  ctx: SignedInContext,
  of: SummaryQuery['of'],
  userId: string | undefined,
): Promise<readonly string[] | undefined> {
  if (of === 'me' || userId !== undefined) return [await subjectOf(ctx, 'usage:read', userId)];
  const reach = await reachOf(ctx, 'usage:read');
  return reach.kind === 'everybody' ? undefined : reach.ids;
}
