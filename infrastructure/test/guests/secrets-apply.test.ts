import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runHubctl } from '../../src/cli/run.ts';
import { fakeTerminal } from '../../src/cli/terminal.fixture.ts';
import { exampleFile } from '../../src/config/annotate.ts';
import { startDns } from './dns.ts';
import { type Guest, startGuest } from './guest.ts';
import { endAll, untilEnd } from './until-end.ts';

afterAll(endAll);

const CANARY = 'canary-41fe';

/** An operator with a folder of their own, who reaches this guest. */
async function operatorOf({ address, ssh }: Guest) {
  const home = await mkdtemp(join(tmpdir(), 'hub-operator-'));
  const [config, sshConfig] = [join(home, 'hub.config.yaml'), join(home, 'ssh')];
  const settings = { identityFile: join(home, 'keys.txt'), auditFile: join(home, 'audit.jsonl') };
  await writeFile(
    sshConfig,
    `IdentityFile ${ssh.identity}\nIdentitiesOnly yes\nUserKnownHostsFile ${ssh.knownHosts}\nStrictHostKeyChecking yes\n`,
  );
  const hubctl = async (argv: string[], input?: string) => {
    const screen = fakeTerminal({ settings, input });
    const code = await runHubctl(argv, screen);
    expect(screen.said + screen.complained).not.toContain(CANARY);
    return { code, said: screen.said, complained: screen.complained };
  };
  const { said: recipient } = await hubctl(['secrets', 'key']);
  const key = await readFile(`${ssh.identity}.pub`, 'utf8');
  const whole = parse(exampleFile()) as { environments: { staging: object } };
  const staging = {
    hosts: [{ name: 'one', address: address.v4 }],
    domains: ['hub.test'],
    operators: { keys: [key.trim()] },
    secrets: {
      readers: [{ name: 'ann', recipient: recipient.trim() }],
      services: [{ name: 'core-service', secrets: ['service-token'] }],
    },
  };
  await writeFile(config, stringify({ ...whole, environments: { staging } }));
  return {
    /** A verb about this configuration, and about its machine. */
    local: (argv: string[], input?: string) => hubctl([...argv, '--config', config], input),
    remote: (...argv: string[]) => hubctl([...argv, '--config', config, '--ssh-config', sshConfig]),
    log: () => readFile(settings.auditFile, 'utf8'),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}

it('from a value that is piped in to a service’s file on a hardened host, and every step is written down', async () => {
  await untilEnd(startDns());
  const guest = await untilEnd(startGuest());
  await using operator = await operatorOf(guest);
  await operator.local(['secrets', 'set', 'service-token'], `${CANARY}\n`);
  const planned = await operator.remote('plan', '--json');
  const { plans } = JSON.parse(planned.said) as { plans: { hash: string }[] };
  const hash = plans[0]?.hash ?? '';
  const applied = await operator.remote('apply', '--confirm', hash);
  expect(applied).toMatchObject({ code: 0, said: expect.stringMatching(/✓ one: \d+ changes made/) });
  expect(await operator.remote('plan')).toMatchObject({ code: 0, said: '✓ one: nothing to do\n' });

  expect(await guest.run(['cat', '/run/smart-ai-hub/secrets/core-service/service-token'])).toBe(CANARY);
  const onDisk = await guest.attempt([
    'grep',
    '-rl',
    CANARY,
    '/etc',
    '/var',
    '/usr/local',
    '/root',
    '/home',
    '/tmp',
  ]);
  expect(onDisk).toMatchObject({ code: 1, stdout: '' });

  expect(await operator.remote('audit', 'verify', 'staging')).toMatchObject({ code: 0 });
  expect(await operator.log()).toContain(`"plan one":"${hash}","log one":"2 `);
  await guest.run(['sed', '-i', '1s/began/done/', '/var/lib/hub/audit.jsonl']);
  const { code, said } = await operator.remote('audit', 'verify', 'staging');
  expect([code, said]).toEqual([1, expect.stringContaining('line 1 was changed, or line 2')]);
}, 400_000);
