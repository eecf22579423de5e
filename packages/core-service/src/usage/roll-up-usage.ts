import type { Job } from '@smart-ai-hub/database';
import type { CoreDeps } from '../context.ts';
import { NO_KEY } from './usage-rows.ts';

const COUNTS = ['calls', 'failed', 'prompt_tokens', 'completion_tokens', 'credits', 'images'];
const SUMS = COUNTS.map((name) => `sum(${name})`).join(', ');

/** Adds what was called to a table of sums by these columns; a day is added to as its hours are over. */
const addTo = (table: string, by: readonly string[], { from = 'called', isDaily = false } = {}) => {
  const names = by.map((column) => column.split(' AS ').at(-1) ?? column).join(', ');
  const added = COUNTS.map((name) => `${name} = old.${name} + EXCLUDED.${name}`).join(', ');
  return `INSERT INTO core.${table} AS old (${names}, ${COUNTS.join(', ')})
    SELECT ${by.join(', ')}, ${SUMS} FROM ${from} GROUP BY ${by.map((_, index) => index + 1).join(', ')}
    ${isDaily ? `ON CONFLICT (${names}) DO UPDATE SET ${added}` : ''}`;
};

const DAY = "(hour AT TIME ZONE 'UTC')::date AS day";
const TEAMS = 'called, unnest(team_ids) AS team_id';

/**
 * Adds up the hours that are over, a day of them at most, and moves the mark in the same statement: two at once wait
 * for each other at the mark, and the second finds it moved. An hour is over once no transaction of it can still
 * commit: every statement of ours ends within seconds.
 */
const ROLL_UP = `
  WITH mark AS (
    SELECT until FROM core.usage_rolled_up FOR UPDATE
  ), span AS (
    SELECT until AS first, least(until + interval '1 day', date_trunc('hour', now() - interval '5 minutes', 'UTC')) AS next FROM mark
  ), moved AS (
    UPDATE core.usage_rolled_up r SET until = span.next FROM span WHERE span.next > span.first RETURNING r.until
  ), called AS (
    SELECT date_trunc('hour', u.created_at, 'UTC') AS hour, u.user_id, u.service, u.model, coalesce(u.key_id, ${NO_KEY}) AS key_id, u.team_ids,
      count(*) AS calls, count(*) FILTER (WHERE u.status <> 'ok') AS failed,
      sum(u.prompt_tokens) AS prompt_tokens, sum(u.completion_tokens) AS completion_tokens, sum(u.credits) AS credits,
      sum(u.images) AS images
    FROM core.usage_logs u, span
    WHERE u.created_at >= span.first AND u.created_at < span.next AND EXISTS (SELECT FROM moved)
    GROUP BY 1, 2, 3, 4, 5, 6
  ), by_person AS (
    ${addTo('usage_rollups', ['hour', 'user_id', 'service', 'model', 'key_id'])}
  ), by_team AS (
    ${addTo('team_usage_rollups', ['team_id', 'hour', 'user_id', 'service', 'model', 'key_id'], { from: TEAMS })}
  ), of_all AS (
    ${addTo('usage_totals', ['hour', 'service', 'model'])}
  ), of_teams AS (
    ${addTo('team_usage_totals', ['team_id', 'hour', 'service', 'model'], { from: TEAMS })}
  ), days AS (
    ${addTo('usage_days', [DAY, 'user_id'], { isDaily: true })}
  ), team_days AS (
    ${addTo('team_usage_days', ['team_id', DAY, 'user_id'], { from: TEAMS, isDaily: true })}
  )
  SELECT until FROM moved`;

/** Rolls up every hour that is over; what was is not added again. */
export async function rollUpUsage({ database: { pool } }: CoreDeps): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(ROLL_UP);
    if (rowCount === 0) return;
  }
}

/** A few minutes into every hour. */
export const rollUpJob = (deps: CoreDeps): Job => ({ every: '7 * * * *', run: () => rollUpUsage(deps) });

/** Makes the partitions of this month and the two after it, where they are not there. */
export async function makeUsagePartitions({ database: { pool } }: CoreDeps): Promise<void> {
  await pool.query('SELECT core.ensure_usage_partitions()');
}

/** Every night. */
export const makePartitionsJob = (deps: CoreDeps): Job => ({
  every: '5 4 * * *',
  run: () => makeUsagePartitions(deps),
});

/** Every night: drops the months that are older than what is kept of single calls; their sums stay. */
export const dropUsageJob = (deps: CoreDeps, days: number): Job => ({
  every: '11 4 * * *',
  run: async () => {
    await deps.database.pool.query('SELECT core.drop_usage_older_than($1)', [days]);
  },
});
