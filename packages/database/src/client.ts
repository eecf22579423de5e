import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export interface DatabaseOptions {
  url: string;
  /** Connections at most; the sum over all processes must fit the server (see pool-budget.ts). */
  poolMax?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
}

/** One pool, two ways to ask it: Prisma for records, `pool` for statements that must be one statement. */
export interface Database {
  pool: pg.Pool;
  prisma: PrismaClient;
  /** Rejects when the server does not answer. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
}

/** BIGINT as a number: all our amounts are below 2^53, and one that is not must not pass silently. */
function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what a number holds exactly`);
  return value;
}

/** OID of BIGINT, pg_type.dat. */
const INT8 = 20;

const types = new pg.TypeOverrides();
types.setTypeParser(INT8, parseBigint);

/** Opens the pool of one service; connects at the first query. */
export function openDatabase({ url, poolMax = 10, name = 'smart-ai-hub' }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolMax,
    application_name: name,
    connectionTimeoutMillis: 3000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 15_000,
    keepAlive: true,
    // Named statements are lookups by key: planning each anew costs more than running it. Their one plan is
    // often made while the tables are empty; it must not be to read them from end to end once they are not.
    options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
    types,
  });
  pool.on('error', () => undefined); // an idle connection was lost: the next query opens another
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
