import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBreaches, words } from './architecture.ts';
import { type Manifest, manifestSchema } from './imports.ts';
import { NEVER } from './never.ts';
import { roomOf, ROOMS } from './rooms.ts';
import { readTree, type SourceFile } from './source.ts';

const tree = readTree(`${resolve(import.meta.dirname, '../..')}/`);
const manifests = tree
  .filter(({ path }) => path.endsWith('package.json'))
  .map(({ path, text }): Manifest => ({ path, ...manifestSchema.parse(JSON.parse(text)) }));

const said = (files: SourceFile[], packages: Manifest[] = []) =>
  findBreaches(files, packages).map(({ rule, path, line }) => `${rule} ${path}:${line}`);

describe('the house', () => {
  it('keeps its rules', () => {
    expect(tree.length).toBeGreaterThan(100);
    expect(findBreaches(tree, manifests).map(words)).toEqual([]);
  });
});

/** Put together, so that this file does not hold the word itself. */
const UNFINISHED = ['TO', 'DO'].join('');

/** Rule, file, and text whose last line breaks the rule. */
const PLANTED: [rule: string, path: string, text: string][] = [
  ['imports', 'packages/shared/src/contracts/a.ts', "import fs from 'node:fs';"],
  ['imports', 'packages/shared/src/contracts/a.ts', "import { start } from '../service/index.ts';"],
  ['imports', 'packages/shared/src/service/a.ts', "\nimport { open } from '@smart-ai-hub/database';"],
  ['imports', 'packages/shared/src/service/a.ts', "export * from '../testing/index.ts';"],
  ['imports', 'packages/shared/src/testing/a.ts', "await import('@smart-ai-hub/auth-service/build');"],
  ['imports', 'packages/database/src/a.ts', "import { PROBLEMS } from '@smart-ai-hub/shared/contracts';"],
  ['imports', 'packages/auth-service/src/a.ts', "import { build } from '@smart-ai-hub/core-service/build';"],
  ['imports', 'packages/core-service/src/a.ts', "import { b } from '../../auth-service/src/b.ts';"],
  ['imports', 'packages/core-service/src/a.ts', "import { fresh } from '@smart-ai-hub/shared/testing';"],
  ['imports', 'packages/core-service/src/a.ts', "import express from 'express';"],
  ['imports', 'packages/api-gateway/src/a.ts', "import { open } from '@smart-ai-hub/database';"],
  ['imports', 'packages/mcp-server/src/a.ts', "type Row = import('@smart-ai-hub/database').Row;"],
  ['imports', 'packages/mcp-server/src/a.test.ts', "import { open } from '@smart-ai-hub/database';"],
  ['imports', 'packages/frontend/src/a.tsx', "import { readFileSync } from 'node:fs';"],
  ['imports', 'packages/frontend/src/a.tsx', "import { start } from '@smart-ai-hub/shared/service';"],
  ['imports', 'infrastructure/src/a.ts', "import { ROLES } from '@smart-ai-hub/shared/contracts';"],
  ['imports', 'packages/standalone/src/a.ts', "import { fresh } from '@smart-ai-hub/shared/testing';"],
  ['imports', 'packages/frontend/vite.config.ts', "import { open } from '@smart-ai-hub/database';"],
  ['imports', 'bin/start.mjs', "import yaml from 'yaml';"],
  ['environment', 'packages/core-service/src/config.ts', "\n\nconst url = process.env['CORE_URL'];"],
  ['environment', 'packages/core-service/src/a.ts', "import { env } from 'node:process';"],
  ['environment', 'packages/core-service/src/a.test.ts', 'const { env } = process;'],
  ['nameless-file', 'packages/core-service/src/utils.ts', 'export const x = 1;'],
  ['nameless-file', 'packages/frontend/src/common/button.tsx', 'export const x = 1;'],
  ['any', 'packages/core-service/src/a.ts', 'const x = 1;\nexport const f = (y: any) => y;'],
  ['non-null', 'packages/core-service/src/a.ts', 'const first = list[0]!;'],
  ['bare-as', 'packages/core-service/src/a.ts', 'const x = 1;\n\nexport const row = rows[0] as Row;'],
  ['status-in-verb', 'packages/core-service/src/credits/spend.ts', 'throw new Problem({ status: 402 });'],
  ['status-in-verb', 'packages/auth-service/src/routes.ts', 'reply.code(401);'],
  ['status-in-verb', 'packages/mcp-server/src/completions/a.ts', 'reply.code(429);'],
  ['status-in-verb', 'packages/core-service/src/a.ts', 'if (answer.statusCode === 429) retry();'],
  ['sleep-in-test', 'packages/core-service/src/a.test.ts', 'await sleep(100);'],
  ['sleep-in-test', 'test/whole/a.test.ts', "import { setTimeout as wait } from 'node:timers/promises';"],
  ['sleep-in-test', 'test/browser/a.test.ts', 'await page.waitForTimeout(500);'],
  ['glance-at-page', 'test/browser/a.test.ts', 'if (await dialog.isVisible()) press();'],
  ['glance-at-page', 'test/browser/a.test.ts', 'await expect.poll(() => rows.count()).toBe(2);'],
  ['mocked-own-code', 'packages/core-service/src/a.test.ts', "vi.mock('./ledger.ts');"],
  ['mocked-own-code', 'test/a.test.ts', "vi.doMock('@smart-ai-hub/database');"],
  ['unfinished', 'packages/core-service/src/a.ts', `const x = 1;\n// ${UNFINISHED}: later`],
  ['unfinished', 'docker-compose.yml', `services:\n  # ${UNFINISHED}`],
  ['silent-suppression', 'packages/core-service/src/a.ts', '// eslint-disable-next-line no-console'],
  [
    'silent-suppression',
    'packages/core-service/src/a.ts',
    '// oxlint-disable-next-line typescript/no-deprecated',
  ],
  ['silent-suppression', 'packages/core-service/src/a.ts', '// @ts-ignore it is fine'],
  ['silent-suppression', 'packages/core-service/src/a.ts', '// @ts-expect-error'],
  ['swallowed', 'packages/core-service/src/a.ts', 'try { a(); } catch {}'],
  ['swallowed', 'packages/core-service/src/a.ts', 'await close().catch(() => undefined);'],
  ['shell-string', 'bin/check.mjs', "import { execSync } from 'node:child_process';"],
  ['shell-string', 'infrastructure/src/a.ts', 'spawn(command, [], { shell: true });'],
  ['evaluated-text', 'packages/core-service/src/a.ts', 'const sum = eval(text);'],
  ['evaluated-text', 'packages/frontend/src/a.ts', 'new Function(text)();'],
  ['evaluated-text', 'packages/mcp-server/src/a.ts', "import { runInNewContext } from 'node:vm';"],
  ['secret-default', 'packages/core-service/src/config.ts', "fields.secret.default('a-secret-in-the-code');"],
  ['floating-credits', 'packages/shared/src/contracts/a.ts', 'z.object({ balanceMicro: z.number() });'],
  [
    'floating-credits',
    'packages/database/prisma/migrations/1/migration.sql',
    'CREATE TABLE a (\n  b double precision',
  ],
  ['logic-in-yaml', '.github/workflows/a.yml', 'steps:\n  - run: if true; then npm test; fi'],
  ['logic-in-shell', 'scripts/a.sh', 'a\nb\nc\nd\ne\nf'],
];

const lastLine = (text: string) => text.split('\n').length;

/** Rules that judge a file as a whole. */
const WHOLE = new Set(['logic-in-shell']);

describe('a planted breach is found', () => {
  it.each(PLANTED)('%s in %s: %s', (rule, path, text) => {
    expect(said([{ path, text }])).toContain(`${rule} ${path}:${WHOLE.has(rule) ? 1 : lastLine(text)}`);
  });

  it('for every rule and every room of the tables', () => {
    const planted = new Set(PLANTED.map(([rule]) => rule));
    expect(NEVER.map(({ rule }) => rule).filter((rule) => !planted.has(rule))).toEqual([]);
    const entered = new Set(PLANTED.map(([, path]) => roomOf(path)));
    expect(ROOMS.filter((room) => !entered.has(room))).toEqual([]);
  });
});

describe('what is allowed is not found', () => {
  it.each([
    ['packages/shared/src/contracts/a.ts', "import { z } from 'zod';\nimport { b } from './b.ts';"],
    ['packages/shared/src/service/config.ts', 'export const environment = () => process.env;'],
    ['packages/core-service/src/a.test.ts', "import { fresh } from '@smart-ai-hub/shared/testing';"],
    ['packages/core-service/src/a.ts', "const SIZES = ['a', 'b'] as const;"],
    ['packages/core-service/src/a.ts', '// the schema above checked it\nconst row = rows[0] as Row;'],
    ['packages/core-service/src/a.ts', "const help = 'TO' + 'DO, any, process.env';\nconst limit = 500;"],
    ['packages/core-service/src/a.ts', 'close().catch(() => undefined); // already closed: nothing is lost'],
    ['packages/core-service/src/a.ts', '// eslint-disable-next-line no-console -- the terminal is its log'],
    ['packages/mcp-server/src/completions/pass-refusal.ts', 'if (answer.statusCode === 429) throw later;'],
    ['.github/workflows/a.yml', 'steps:\n  - run: npm ci\n  - run: npm run check'],
  ])('%s: %s', (path, text) => {
    expect(said([{ path, text }]).filter((line) => !line.startsWith('declares'))).toEqual([]);
  });
});

describe('package.json', () => {
  const path = 'packages/core-service/package.json';
  const file = { path: 'packages/core-service/src/a.ts', text: "import { z } from 'zod';" };

  it('lists what is imported', () => {
    expect(said([file], [{ path }])).toEqual([`declares ${file.path}:1`]);
    expect(said([file], [{ path, devDependencies: { zod: '4.0.0' } }])).toEqual([`declares ${file.path}:1`]);
    expect(said([file], [{ path, dependencies: { zod: '4.0.0' } }])).toEqual([]);
  });

  it('lists nothing that is imported nowhere, not allowed, or not pinned', () => {
    const dependencies = {
      zod: 'npm:zod@^4.0.0',
      fastify: 'npm:fastify@5.0.0',
      '@smart-ai-hub/auth-service': '0.1.0',
    };
    const found = findBreaches([file], [{ path, dependencies }]).map(({ says }) => says);
    expect(found).toEqual([
      'zod is not pinned: npm:zod@^4.0.0',
      'packages/core-service may not use @smart-ai-hub/auth-service',
      'fastify is declared and imported nowhere',
      '@smart-ai-hub/auth-service is declared and imported nowhere',
    ]);
  });
});
