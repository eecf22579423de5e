import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { expect, test } from 'vitest';
import { connectTo, emptyDatabase, migratedDatabase } from './database.fixture.ts';

const SCHEMA = readFileSync(new URL('../prisma/schema.prisma', import.meta.url), 'utf8');

/** What of Node's own WebAssembly is used; its types stand among those of browsers. */
declare const WebAssembly: {
  instantiate: (
    bytes: Uint8Array,
    imports: object,
  ) => Promise<{ instance: { exports: { __wbindgen_start: () => void } } }>;
};

/** Prisma's own schema engine, as its CLI runs it; the WebAssembly build needs no download. */
async function loadEngine() {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(script), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

const SchemaEngine = await loadEngine();

/** The SQL that makes, on an empty database, what the schema file says. */
async function sqlOf(schema: string, url: string): Promise<string> {
  const files = [{ path: 'schema.prisma', content: schema }];
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url })),
  );
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

/** One line for each column, key and index; what a schema file cannot say (checks, triggers, partial indexes) is left out. */
const CATALOGUE = `
  WITH tables AS (
    SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace IN ('auth'::regnamespace, 'core'::regnamespace, 'audit'::regnamespace))
  SELECT t.name || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
    FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL
  SELECT t.name || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid
    WHERE k.contype IN ('p', 'f')
  UNION ALL
  SELECT replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM tables t JOIN pg_index i ON i.indrelid = t.oid
    WHERE i.indpred IS NULL
  ORDER BY 1`;

async function linesOf(url: string): Promise<string[]> {
  await using connection = await connectTo(url);
  const rows = await connection.query<{ line: string }>(CATALOGUE);
  return rows.map(({ line }) => line);
}

async function linesOfMigrations(): Promise<string[]> {
  await using migrated = await migratedDatabase();
  return await linesOf(migrated.ownerUrl);
}

const inMigrations = await linesOfMigrations();

/** The lines that the schema file and the migrations do not share. */
async function driftOf(schema: string) {
  await using described = await emptyDatabase();
  const sql = await sqlOf(schema, described.ownerUrl);
  {
    await using owner = await connectTo(described.ownerUrl);
    await owner.query(`CREATE EXTENSION citext; ${sql}`);
  }
  const inFile = await linesOf(described.ownerUrl);
  return {
    lines: inFile.length,
    onlyInFile: inFile.filter((line) => !inMigrations.includes(line)),
    onlyInMigrations: inMigrations.filter((line) => !inFile.includes(line)),
  };
}

test('the schema file says what the migrations make', async () => {
  const { lines, onlyInFile, onlyInMigrations } = await driftOf(SCHEMA);
  expect(lines).toBeGreaterThan(100);
  expect({ onlyInFile, onlyInMigrations }).toEqual({ onlyInFile: [], onlyInMigrations: [] });
});

test.each([
  [
    'a column',
    '  level       Int\n',
    '  level       Int\n  colour String?\n',
    ['core.roles.colour text'],
    [],
  ],
  [
    'a type',
    'balance      BigInt ',
    'balance      Int ',
    ['core.credit_accounts.balance integer not null default 0'],
    ['core.credit_accounts.balance bigint not null default 0'],
  ],
  [
    'a null',
    'prefix     String\n',
    'prefix     String?\n',
    ['auth.api_keys.prefix text'],
    ['auth.api_keys.prefix text not null'],
  ],
  [
    'a default',
    '@default("held")',
    '@default("open")',
    ["core.credit_holds.state text not null default 'open'::text"],
    ["core.credit_holds.state text not null default 'held'::text"],
  ],
  [
    'an index',
    '  @@index([sessionId])\n',
    '',
    [],
    ['CREATE INDEX refresh_tokens_session_id_idx ON auth.refresh_tokens USING btree (session_id)'],
  ],
  [
    'a unique index',
    '@@unique([model, effectiveAt])',
    '@@index([model, effectiveAt])',
    [
      'CREATE INDEX model_prices_model_effective_at_idx ON core.model_prices USING btree (model, effective_at)',
    ],
    [
      'CREATE UNIQUE INDEX model_prices_model_effective_at_key ON core.model_prices USING btree (model, effective_at)',
    ],
  ],
])('a planted drift is seen: %s', async (_, given, planted, onlyInFile, onlyInMigrations) => {
  expect(SCHEMA).toContain(given);
  await expect(driftOf(SCHEMA.replace(given, planted))).resolves.toMatchObject({
    onlyInFile,
    onlyInMigrations,
  });
});
