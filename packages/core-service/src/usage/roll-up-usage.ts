import type { Job } from '@smart-ai-hub/database';
import type { CoreDeps } from '../context.ts';

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
  ), added AS (
    INSERT INTO core.usage_rollups (hour, user_id, service, model, key_id, calls, failed, prompt_tokens, completion_tokens, credits)
    SELECT date_trunc('hour', u.created_at, 'UTC'), u.user_id, u.service, u.model,
      coalesce(u.key_id, '00000000-0000-0000-0000-000000000000'), count(*), count(*) FILTER (WHERE u.status <> 'ok'),
      sum(u.prompt_tokens), sum(u.completion_tokens), sum(u.credits)
    FROM core.usage_logs u, span
    WHERE u.created_at >= span.first AND u.created_at < span.next AND EXISTS (SELECT FROM moved)
    GROUP BY 1, 2, 3, 4, 5
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

/** Every night: drops the months that are older than what is kept of single calls; their sums stay. */
export const dropUsageJob = (deps: CoreDeps, days: number): Job => ({
  every: '11 4 * * *',
  run: async () => {
    await deps.database.pool.query('SELECT core.drop_usage_older_than($1)', [days]);
  },
});
