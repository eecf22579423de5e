import { fileURLToPath } from 'node:url';
import { takenBy } from './proc.ts';
import type { UpstreamSettings, UpstreamTransport } from './upstream.ts';

const ROOT = new URL('../../../../', import.meta.url);

/** A program of the workspace's dependencies. */
export const programOf = (name: string): string =>
  fileURLToPath(new URL(`node_modules/@modelcontextprotocol/${name}/dist/index.js`, ROOT));

export const FAULTY = fileURLToPath(new URL('faulty-server.fixture.mjs', import.meta.url));

/** A child of Node's, with room enough for it. */
export const node = (...args: string[]): UpstreamTransport => ({
  ...{ kind: 'stdio', command: process.execPath, args, env: {} },
  limits: { memory: 300 * 2 ** 20, processes: 20, grace: 500 },
});

export const settingsFor = (
  transport: UpstreamTransport,
  more: Partial<UpstreamSettings> = {},
): UpstreamSettings => ({
  ...{ id: '00000000-0000-4000-8000-000000000000', name: 'there', era: 'auto', transport },
  ...{ perPerson: false, timeout: 5_000, startTimeout: 10_000, idleTimeout: 60_000 },
  ...{ maxSessions: 4, maxConcurrent: 16, maxResultBytes: 2 ** 20, breakerPercent: 0 },
  ...more,
});

/** True while somebody of that number runs; where nobody buries the dead, they still have a number and no memory. */
export const isThere = async (pid: number): Promise<boolean> => (await takenBy(pid)).memory > 0;
