import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { exampleFile } from '../config/annotate.ts';
import { runHubctl } from './run.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-bad-input-'));
const config = join(folder, 'hub.config.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

/** A mistake each, of a kind of its own, in places that do not say which machine is meant. */
const MISTAKES = [
  ['user: deploy', 'user: De ploy'],
  ['firstUser:', 'firstUsers:'],
  ['Etc/UTC', 'Mars/Olympus'],
  ['- staging.hub.example.com', '- hub'],
  ['https://acme', 'http://acme'],
  ['ssh-ed25519 AAAA', 'ssh-dss AAAA'],
  ['198.51.100.0/24', '198.51.100.0/33'],
  ['name: ann', 'name: Ann Lee'],
  ['recipient: age1', 'recipient: age2'],
  ['postgres: true', 'postgres: maybe'],
  ['budget: 80', 'budget: 0'],
  ['perProcess: 10', 'perProcess: ten'],
  ['processes: 8', 'processes: 0.5'],
  ['perSecond: 10', 'perSecond: 0'],
  ['burst: 20', 'burst: -1'],
  ['logDays: 30', 'logDays: 1.5'],
  ['- ops@example.com', '- ops'],
  ['url: https', 'url: http'],
  ['updates: 04:00', "updates: '25:00'"],
  ['backup: 02:30', 'backups: 02:30'],
] as const;

const withMistakes = (text: string) =>
  MISTAKES.reduce((wrong, [right, mistake]) => wrong.replace(right, mistake), text);

/** A verb with this configuration, whose machine counts who calls it. */
async function calling(verb: string, change: (text: string) => string) {
  let calls = 0;
  const machine = createServer((socket) => {
    calls += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(machine, 'listening');
  const { port } = z.object({ port: z.number() }).parse(machine.address());
  const there = exampleFile().replace('203.0.113.10', '127.0.0.1').replace('port: 22\n', `port: ${port}\n`);
  writeFileSync(config, change(there));
  const screen = fakeTerminal();
  const argv = [...verb.split(' '), '--config', config, '--ssh-config', '/dev/null'];
  const code = await runHubctl(argv, screen);
  machine.close();
  return { code, calls, complained: screen.complained };
}

test.each(['doctor', 'plan', 'apply', 'drift', 'cert status', 'cert renew'])(
  '%s: twenty mistakes in the configuration are twenty lines, and nothing is connected',
  async (verb) => {
    const { code, calls, complained } = await calling(verb, withMistakes);
    const lines = complained.trimEnd().split('\n');
    expect([code, calls, lines[0]]).toEqual([1, 0, `✗ ${config} has 20 mistakes`]);
    const paths = lines.flatMap((line) => /^ {2}\S+:\d+ (environments\.\S+): \S/.exec(line)?.[1] ?? []);
    expect(new Set(paths).size).toBe(20);
  },
);

test('without them the machine is called', async () => {
  const { code, calls, complained } = await calling('cert status', (text) => text);
  expect([code, calls]).toEqual([1, 1]);
  expect(complained).toMatch(/127\.0\.0\.1:\d+ does not answer/);
});
