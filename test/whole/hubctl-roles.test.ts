import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@smart-ai-hub/database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@smart-ai-hub/database/embedded';
import { tries } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Command, Outcome } from '../../infrastructure/src/commands/command.ts';
import type { Machine } from '../../infrastructure/src/machine/machine.ts';
import { applyPlan } from '../../infrastructure/src/resources/apply.ts';
import { makePlan } from '../../infrastructure/src/resources/plan.ts';
import {
  postgresDatabase,
  postgresRoles,
  type Role,
  ROLES,
} from '../../infrastructure/src/resources/postgres-database.ts';
import { Secret } from '../../infrastructure/src/secrets/secret.ts';

const RUNS = tries(25, 200);
const CLUSTER = { version: 18, name: 'hub' };
const folder = mkdtempSync(join(tmpdir(), 'hub-roles-'));
chmodSync(folder, 0o755);

/** A server of its own: what is tested takes the right to log in from everybody that is not described. */
let server: EmbeddedPostgres;
const databases = new Map<string, Database>();

beforeAll(async () => {
  server = await startEmbeddedPostgres({
    directory: join(folder, 'data'),
    password: 'owner-of-this-test',
    settings: { synchronous_commit: 'off', fsync: 'off', full_page_writes: 'off' },
  });
});
afterAll(async () => {
  await Promise.all([...databases.values()].map((one) => one.close()));
  await server.stop();
  rmSync(folder, { recursive: true });
});

function poolOf(name: string): Database['pool'] {
  const there = databases.get(name) ?? openDatabase({ url: server.url(name), poolMax: 2 });
  databases.set(name, there);
  return there.pool;
}

/** Says what psql would say: rows as they came, a line each; a refusal with 1. */
async function answer({ argv, stdin = '' }: Command): Promise<Outcome> {
  const database = argv[argv.indexOf('--dbname') + 1] ?? '';
  const types = { getTypeParser: () => String };
  try {
    const result = await poolOf(database).query<Record<string, string>>({ text: stdin, types });
    // Several statements have a result each.
    const rows = [result].flat().at(-1)?.rows ?? [];
    const stdout = rows.map((row) => `${Object.values(row).join('|')}\n`).join('');
    return { code: 0, stdout, stderr: '' };
  } catch (error) {
    return { code: 1, stdout: '', stderr: String(error) };
  }
}

const machine: Machine = {
  name: 'here',
  read: async (commands) => {
    const outcomes: Outcome[] = [];
    for (const one of commands) outcomes.push(await answer(one));
    return outcomes;
  },
  change: async (commands) => {
    const outcomes: Outcome[] = [];
    for (const one of commands) {
      outcomes.push(await answer(one));
      if (outcomes.at(-1)?.code !== 0) break;
    }
    return outcomes;
  },
};

/** Who somebody is with this password; rejects where it is another one. */
async function whoIs(name: string, password: string): Promise<string | undefined> {
  const url = new URL(server.url('hub'));
  url.username = encodeURIComponent(name);
  url.password = password;
  const { pool, close } = openDatabase({ url: url.href, poolMax: 1 });
  try {
    return (await pool.query<{ who: string }>('SELECT current_user AS who')).rows[0]?.who;
  } finally {
    await close();
  }
}

const NAMES = ['hub_a', 'hub_b', 'hub_c', `odd"one's`];
const FLAGS = ['CREATEROLE', 'CREATEDB', 'REPLICATION', 'BYPASSRLS'] as const;

/** Roles in an order of their own; each may have, or may change, those before it. */
const roles = fc
  .shuffledSubarray(NAMES, { minLength: 2 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name, index) =>
        fc.record({
          name: fc.constant(name),
          password: fc.option(fc.stringMatching(/^[\w-]{16,20}$/), { nil: undefined }),
          may: fc.subarray([...FLAGS]),
          before: fc.array(fc.constantFrom('has', 'administers', 'neither'), {
            minLength: index,
            maxLength: index,
          }),
        }),
      ),
    ),
  )
  .map((all): Role[] =>
    all.map(({ name, password, may, before }) => {
      const named = (how: string) =>
        all.filter((_, index) => before[index] === how).map(({ name: other }) => other);
      return {
        ...{ name, may, has: named('has'), administers: named('administers') },
        password: password === undefined ? undefined : new Secret(password),
      };
    }),
  );

const resourcesOf = (wanted: readonly Role[]) => {
  const [owner = '', ...users] = wanted.map(({ name }) => name);
  const database = { name: 'hub', owner, users, extensions: [] };
  return [postgresRoles(CLUSTER, wanted, []), postgresDatabase(CLUSTER, database, [ROLES])];
};

const knock = () => Promise.resolve();

test(
  'plan ∘ apply ∘ plan = nothing for roles and their database, whatever was there and is wanted',
  async () => {
    await fc.assert(
      fc.asyncProperty(roles, roles, async (before, wanted) => {
        for (const each of [before, wanted]) {
          const report = await applyPlan(await makePlan(machine, resourcesOf(each)), { machine, knock });
          expect(report).toMatchObject({ left: [] });
          expect(report.failed).toBeUndefined();
        }
        expect((await makePlan(machine, resourcesOf(wanted))).steps).toEqual([]);
        const { rows } = await poolOf('postgres').query<{ rolname: string }>(
          'SELECT rolname FROM pg_roles WHERE rolcanlogin AND oid <> 10 ORDER BY rolname COLLATE "C"',
        );
        const mayLogIn = wanted.flatMap(({ name, password }) => (password ? [{ name, password }] : []));
        expect(rows.map(({ rolname }) => rolname)).toEqual(mayLogIn.map(({ name }) => name).sort());
        for (const { name, password } of mayLogIn) expect(await whoIs(name, password.reveal())).toBe(name);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  30_000 + RUNS * 500,
);
