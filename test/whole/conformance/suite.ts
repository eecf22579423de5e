import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
export type Revision = (typeof REVISIONS)[number];

/** What the suite found out about a server, of the scenarios that a revision requires. */
export interface Conformance {
  required: number;
  /** Scenarios in which something failed, with what did, as the suite says it. */
  failed: Map<string, string[]>;
  /** Scenarios in which nothing failed, and something was advised against. */
  warned: string[];
  /** Scenarios that pass, and are not required: they are newer than the revision, or the suite is not sure of them. */
  beyond: string[];
}

const SUITE = fileURLToPath(
  new URL('../../../node_modules/@modelcontextprotocol/conformance/', import.meta.url),
);
const ON_NODE_20 = new URL('on-node-20.mjs', import.meta.url).href;

const checks = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

const requirements = z.object({
  server: z.array(z.string()),
  not_scored: z.array(z.object({ scenario: z.string(), leg: z.string() })),
});

/** What the suite puts behind the name of a scenario. */
const STAMP = /-\d{4}-\d\d-\d\dT[\d-]+Z$/;

/** True where something beside the schemas of messages was looked at, and nothing was found. */
const isPassed = (seen: z.output<typeof checks>): boolean =>
  seen.every(({ status }) => status !== 'FAILURE' && status !== 'WARNING') &&
  seen.some(({ id, status }) => status === 'SUCCESS' && id !== 'wire-schema-valid');

/** Runs the protocol's own conformance suite against a server; rejects where it did not come to an end. */
export async function runSuite(url: string, revision: Revision): Promise<Conformance> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const program = ['--import', ON_NODE_20, join(SUITE, 'dist/index.js')];
    const child = spawn(
      process.execPath,
      [...program, 'server', '--url', url, '--requirements', revision, '--output-dir', folder],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const [code] = (await once(child, 'exit')) as [number | null]; // 1 where something failed
    if (code !== 0 && code !== 1) throw new Error(`the suite ended with ${code}`);
    return await readResults(folder, revision);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readResults(folder: string, revision: Revision): Promise<Conformance> {
  const { server: required, not_scored: unscored } = requirements.parse(
    parse(await readFile(join(SUITE, `requirements/${revision}.yaml`), 'utf8')),
  );
  const results = await readdir(folder);
  const seenIn = async (scenario: string) => {
    const result = results.find((name) => name.replace(STAMP, '') === `server-${scenario}`);
    if (result === undefined) throw new Error(`the suite says nothing of ${scenario}`);
    return checks.parse(JSON.parse(await readFile(join(folder, result, 'checks.json'), 'utf8')));
  };
  const found: Conformance = { required: required.length, failed: new Map(), warned: [], beyond: [] };
  for (const { scenario, leg } of unscored)
    if (leg === 'server' && isPassed(await seenIn(scenario))) found.beyond.push(scenario);
  for (const scenario of required) {
    const seen = await seenIn(scenario);
    const failed = seen.filter(({ status }) => status === 'FAILURE');
    if (failed.length > 0)
      found.failed.set(
        scenario,
        failed.map(({ id, errorMessage = '' }) => `${id}: ${errorMessage}`),
      );
    else if (seen.some(({ status }) => status === 'WARNING')) found.warned.push(scenario);
  }
  return found;
}
