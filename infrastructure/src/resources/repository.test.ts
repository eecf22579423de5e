import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { localMachine } from '../machine/local.fixture.ts';
import { applyPlan } from './apply.ts';
import { makePlan } from './plan.ts';
import { repository } from './repository.ts';

const knock = () => Promise.resolve();

interface Key {
  fingerprint: string;
  armoured: string;
}

/** A key as the owner of a repository makes one. */
async function makeKey(name: string): Promise<Key> {
  // Sockets of GnuPG want a short path.
  const home = await mkdtemp('/tmp/hub-gpg-');
  const gpg = (...args: string[]) =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    gpg('--passphrase', '', '--quick-gen-key', name, 'ed25519', 'sign', 'never');
    const [, fingerprint = ''] = /^fpr:+(\w+):/m.exec(gpg('--with-colons', '--list-keys')) ?? [];
    return { fingerprint, armoured: gpg('--armor', '--export') };
  } finally {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    await rm(home, { recursive: true });
  }
}

let right: Key;
let wrong: Key;
beforeAll(async () => {
  right = await makeKey('right');
  wrong = await makeKey('wrong');
});
// Root of a bare host has no keyring at home.
afterEach(() => vi.unstubAllEnvs());

describe('the key of a repository', () => {
  async function fetched(published: string, kept?: string) {
    await using machine = await localMachine();
    vi.stubEnv('HOME', machine.folder);
    const [source, folder] = [join(machine.folder, 'published.asc'), join(machine.folder, 'keyrings')];
    writeFileSync(source, published);
    const spec = {
      ...{ name: 'x', key: `file://${source}`, fingerprint: right.fingerprint },
      ...{ uri: 'https://x.example', suite: 'stable', component: 'main' },
    };
    const [key] = repository(spec, [], folder);
    if (!key) throw new Error('no key');
    const path = join(folder, 'hub-x.asc');
    if (kept !== undefined) {
      await machine.change([{ argv: ['mkdir', '-p', folder] }]);
      writeFileSync(path, kept);
    }
    const plan = await makePlan(machine, [key]);
    const { failed } = await applyPlan(plan, { machine, knock });
    return {
      lines: plan.steps.flatMap(({ change }) => change.lines.map(({ sign, text }) => `${sign} ${text}`)),
      failed: failed && [failed.says, ...failed.details].join('\n'),
      kept: existsSync(path) ? readFileSync(path, 'utf8') : undefined,
    };
  }

  test('is kept where it is the pinned one, and then there is nothing to do', async () => {
    expect(await fetched(right.armoured)).toEqual({
      lines: [`+ ${right.fingerprint}`],
      failed: undefined,
      kept: right.armoured,
    });
    expect((await fetched('', right.armoured)).lines).toEqual([]);
  });

  test('is refused where it is another one, or has another one with it; what was there stays', async () => {
    const other = await fetched(wrong.armoured);
    expect(other.failed).toContain(`holds the key ${wrong.fingerprint}, not ${right.fingerprint}`);
    expect(other.kept).toBeUndefined();
    const both = await fetched(`${right.armoured}${wrong.armoured}`, wrong.armoured);
    expect(both.failed).toContain(`${right.fingerprint} ${wrong.fingerprint}, not`);
    expect([both.kept, both.lines]).toEqual([
      wrong.armoured,
      [`~ ${wrong.fingerprint} → ${right.fingerprint}`],
    ]);
    expect((await fetched('no key at all')).failed).toContain('holds the key , not');
  });
});
