import type { Database } from './client.ts';

/** Connections kept free for the migrator, backups and a person who looks. */
const RESERVE = 5;

export interface PoolBudget {
  /** Connections that all services and processes may open together. */
  budget: number;
  /** What this process may open. */
  poolMax: number;
}

/**
 * Refuses a start whose pools together would exceed the server: throws an Error that says the sum and
 * the limit. `budget` is the sum over all processes, stated once in the configuration.
 */
export async function checkPoolBudget({ pool }: Database, { budget, poolMax }: PoolBudget): Promise<void> {
  const { rows } = await pool.query<{ max: number; reserved: number }>(
    `SELECT current_setting('max_connections')::int AS max,
            current_setting('superuser_reserved_connections')::int AS reserved`,
  );
  const [server] = rows;
  const available = server ? server.max - server.reserved - RESERVE : 0;
  if (poolMax > budget)
    throw new Error(`DATABASE_POOL_MAX=${poolMax} is over DATABASE_POOL_BUDGET=${budget}`);
  if (budget > available) {
    throw new Error(
      `DATABASE_POOL_BUDGET=${budget} is over the ${available} connections that PostgreSQL has for services ` +
        `(max_connections less reserved); lower the budget or raise max_connections`,
    );
  }
}
