import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureDatabase,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@smart-ai-hub/database/embedded';
import { migrate } from '@smart-ai-hub/database/migrate';
import { freePort } from '@smart-ai-hub/shared/testing';
import { expect } from 'vitest';

/** A server of one test's own, which may be killed and comes back at the same address. */
export interface MortalServer extends AsyncDisposable {
  kill: () => Promise<void>;
  revive: () => Promise<void>;
}

export interface MortalRedis extends MortalServer {
  url: string;
}

export async function mortalRedis(): Promise<MortalRedis> {
  const port = await freePort();
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout) if (String(chunk).includes('Ready to accept connections')) break;
    return child;
  };
  let child = await start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    revive: async () => {
      child = await start();
    },
    [Symbol.asyncDispose]: kill,
  };
}

export interface MortalPostgres extends MortalServer {
  authUrl: string;
  coreUrl: string;
  ownerUrl: string;
}

const PASSWORDS = { auth: 'auth-of-this-test', core: 'core-of-this-test' };

/** With the durability that production has: what was acknowledged must survive `kill -9`. */
export async function mortalPostgres(): Promise<MortalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-mortal-'));
  chmodSync(folder, 0o755);
  const directory = join(folder, 'data');
  const port = await freePort();
  const start = () => startEmbeddedPostgres({ directory, password: 'owner-of-this-test', port });
  let server: EmbeddedPostgres = await start();
  await ensureDatabase(server, 'hub');
  await migrate({ url: server.url('hub'), passwords: PASSWORDS });
  const urlFor = (user: string, password: string) => `postgres://${user}:${password}@127.0.0.1:${port}/hub`;
  return {
    authUrl: urlFor('hub_auth', PASSWORDS.auth),
    coreUrl: urlFor('hub_core', PASSWORDS.core),
    ownerUrl: server.url('hub'),
    kill: () => {
      const postmaster = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
      // stopped, it neither starts nor reaps any; a child that outlived it would answer one more statement
      process.kill(postmaster, 'SIGSTOP');
      const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim();
      for (const pid of [...children.split(' ').map(Number), postmaster]) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
    revive: async () => {
      // until the last child of the killed server has noticed, a new one is refused
      await expect
        .poll(() => start().then((started) => (server = started)), { timeout: 20_000 })
        .toBeDefined();
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
