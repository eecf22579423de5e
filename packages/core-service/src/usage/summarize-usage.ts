import type { SUMMARY_KEYS, UsageSummaryLine } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';
import { NO_KEY } from './usage-rows.ts';

type SummaryKey = (typeof SUMMARY_KEYS)[number];

export interface SummaryQuery {
  by: SummaryKey;
  of: 'me' | 'reach';
  userId?: string | undefined;
  teamId?: string | undefined;
  model?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  timeZone: string;
}

/** Milliseconds. */
const DAY = 24 * 3600 * 1000;
/** Milliseconds that are looked back on where nobody says. */
const PERIOD = 30 * DAY;
/** Lines of one summary at most: those that cost the most. */
const LINES = 1000;

/** In SQL, what a line is called: of a row that has a moment, and the columns that its table has. */
const NAME: Record<SummaryKey, (moment: string, timeZone: string) => string> = {
  day: (moment, timeZone) => `to_char(${moment} AT TIME ZONE ${timeZone}, 'YYYY-MM-DD')`,
  model: () => 'model',
  service: () => 'service',
  key: () => `nullif(key_id, ${NO_KEY})`,
  user: () => 'user_id',
  team: () => 'team_id',
};

/** Days in their order; everything else by what it cost. */
const orderOf = (by: SummaryKey) => (by === 'day' ? 'name' : '"creditsMicro" DESC, name');

type Unit = 'hour' | 'day' | 'month';

/** Where sums by whole units of UTC are found, the finest first, and single calls. */
interface Source {
  sums: readonly { unit: Unit; table: string }[];
  calls: string;
}

/** By what a summary has to read the sums of every person; else it adds up models, which all have in common. */
const BY_PERSON: ReadonlySet<SummaryKey> = new Set(['user', 'team', 'key']);
/** By what it can read days and months. */
const BY_DAYS: ReadonlySet<SummaryKey> = new Set(['user', 'team']);

/** The smallest tables that can tell: the hours of every person are nearly as many rows as there are calls. */
function sourceOf({ by, teamId, model }: SummaryQuery, isOfEverybody: boolean): Source {
  const isOfTeams = teamId !== undefined || by === 'team';
  const prefix = isOfTeams ? 'core.team_usage' : 'core.usage';
  const calls = isOfTeams ? 'core.usage_logs, unnest(team_ids) AS team_id' : 'core.usage_logs';
  const sumsBy = (unit: Unit, kind: string) => ({ unit, table: `${prefix}_${kind}` });
  if (isOfEverybody && !BY_PERSON.has(by)) return { sums: [sumsBy('hour', 'totals')], calls };
  const hours = sumsBy('hour', 'rollups');
  if (!BY_DAYS.has(by) || model !== undefined) return { sums: [hours], calls };
  return { sums: [hours, sumsBy('day', 'days'), sumsBy('month', 'months')], calls };
}

interface Period {
  from: string;
  to: string;
}

const COUNTS = 'calls, failed, prompt_tokens, completion_tokens, credits, images';

/** In SQL, where the first whole unit of a period begins and the last one ends: there too, if it has none. */
function wholes(unit: Unit): string {
  const first = `date_trunc('${unit}', first - interval '1 microsecond') + interval '1 ${unit}'`;
  return `${first} AS ${unit}_first, greatest(${first}, date_trunc('${unit}', ended)) AS ${unit}_end`;
}

/** In SQL, which units of the period are read: those before and after the whole ones of the next, or all without one. */
function spansOf(unit: Unit, next: Unit | undefined): string[] {
  // hours are moments; days and months are dates, which are compared with what a clock in UTC shows
  const moment = (clock: string) =>
    `(SELECT ${clock}${unit === 'hour' ? " AT TIME ZONE 'UTC'" : ''} FROM whole)`;
  const between = (start: string, end: string) => `${unit} >= ${moment(start)} AND ${unit} < ${moment(end)}`;
  if (!next) return [between(`${unit}_first`, `${unit}_end`)];
  return [
    between(`${unit}_first`, `least(${next}_first, ${unit}_end)`),
    between(`${next}_end`, `${unit}_end`),
  ];
}

/**
 * Sums of whole hours: those that are rolled up, and the rows of the hours since, which are exactly the others: both
 * are read in one snapshot with the moment at which they part. Whole days and months come from tables of their own
 * where there are any, and what lies before and after them from the next finer one. Only what is asked for stands in
 * the statement.
 */
function statementOf(
  query: SummaryQuery,
  { from, to }: Period,
  people: readonly string[] | undefined,
): { text: string; values: unknown[] } {
  const { by, teamId, model } = query;
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const zone = by === 'day' ? value(query.timeZone) : '';
  const name = (moment: string) => `${NAME[by](moment, zone)} AS name`;
  const conditions = [
    people?.length === 1 && `user_id = ${value(people[0])} AND`,
    people && people.length !== 1 && `user_id = ANY(${value(people)}::uuid[]) AND`,
    teamId !== undefined && `team_id = ${value(teamId)} AND`,
    model !== undefined && `model = ${value(model)} AND`,
  ];
  const which = conditions.filter(Boolean).join(' ');
  const { sums, calls } = sourceOf(query, people === undefined);
  const summed = sums.flatMap(({ unit, table }, index) =>
    spansOf(unit, sums[index + 1]?.unit).map(
      (when) => `SELECT ${name(unit)}, ${COUNTS} FROM ${table} WHERE ${which} ${when} UNION ALL`,
    ),
  );
  const text = `
  WITH asked AS (
    SELECT until, date_trunc('hour', ${value(from)}::timestamptz, 'UTC') AS first,
      date_trunc('hour', ${value(to)}::timestamptz + interval '1 hour' - interval '1 microsecond', 'UTC') AS ended
    FROM core.usage_rolled_up
  ), clock AS (
    -- sums have nothing that is younger than the mark: for who asks beyond it, a unit that is not over is a whole one
    SELECT first AT TIME ZONE 'UTC' AS first, CASE WHEN ended < until THEN ended AT TIME ZONE 'UTC' ELSE 'infinity' END AS ended FROM asked
  ), whole AS (
    SELECT ${sums.map(({ unit }) => wholes(unit)).join(', ')} FROM clock
  ), counted AS (
    ${summed.join('\n    ')}
    SELECT ${name('created_at')}, 1, (status <> 'ok')::int, prompt_tokens, completion_tokens, credits, images FROM ${calls}
    WHERE ${which} created_at >= (SELECT greatest(first, until) FROM asked) AND created_at < (SELECT ended FROM asked)
  )
  SELECT name::text AS name, sum(calls)::bigint AS calls, sum(failed)::bigint AS failed, sum(prompt_tokens)::bigint AS "promptTokens",
    sum(completion_tokens)::bigint AS "completionTokens", sum(credits)::bigint AS "creditsMicro",
    sum(images)::bigint AS images
  FROM counted GROUP BY counted.name ORDER BY ${orderOf(by)} LIMIT ${LINES}`;
  return { text, values };
}

/** What was used, added up; of the actor, of a person whom the actor reaches, or of everybody whom they reach. */
export async function summarizeUsage(
  ctx: SignedInContext,
  query: SummaryQuery,
): Promise<{ items: UsageSummaryLine[] }> {
  const people = await peopleOf(ctx, query.of, query.userId);
  const to = query.to ?? new Date().toISOString();
  const from = query.from ?? startOfDay(Date.parse(to) - PERIOD);
  const { rows } = await ctx.database.pool.query<UsageSummaryLine>(statementOf(query, { from, to }, people));
  return { items: rows };
}

/** In UTC, where the table of days begins too. */
const startOfDay = (time: number) => new Date(Math.floor(time / DAY) * DAY).toISOString();

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
