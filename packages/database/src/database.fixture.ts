import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of one test's own, with nothing in it. */
export const emptyDatabase = (): Promise<TestDatabase> =>
  freshDatabase({ ...inject('postgres'), template: 'template0' });

/** A migrated database of one test's own. */
export const migratedDatabase = (): Promise<TestDatabase> => freshDatabase(inject('postgres'));

export interface Connection extends AsyncDisposable {
  client: pg.Client;
  query: <R extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<R[]>;
  /** The code of PostgreSQL's refusal, and the constraint where one refused; nothing where it went well. */
  refusalOf: (sql: string, values?: unknown[]) => Promise<string | undefined>;
}

/** One connection, as whoever the address says. */
export async function connectTo(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    client,
    query: async <R extends pg.QueryResultRow>(sql: string, values?: unknown[]) =>
      (await client.query<R>(sql, values)).rows,
    refusalOf: async (sql, values) => {
      try {
        await client.query(sql, values);
        return undefined;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) throw error;
        await client.query('ROLLBACK');
        return error.constraint ?? error.code;
      }
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
