import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startAuthority } from './authority.ts';
import { DOMAIN, startDns } from './dns.ts';
import { startGuest } from './guest.ts';
import { operatorOf } from './operator.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

afterAll(endAll);

const CANARY = 'canary-41fe';

it('from a value that is piped in to a service’s file on a hardened host, and every step is written down', async () => {
  const dns = await untilEnd(startDns());
  const guest = await untilEnd(startGuest(await warmImage()));
  await dns.point(DOMAIN, guest.address);
  const authority = await untilEnd(startAuthority({ dns, lifetimeSeconds: 86_400 }));
  await authority.trustIn(guest);
  await using operator = await operatorOf(guest);
  const hubctl = async (argv: readonly string[], input?: string) => {
    const screen = await operator.hubctl(argv, input);
    expect(screen.said + screen.complained).not.toContain(CANARY);
    return screen;
  };
  await operator.configure({
    certificates: { authorities: [authority.directory] },
    secrets: {
      readers: [{ name: 'ann', recipient: operator.recipient }],
      services: [{ name: 'core-service', secrets: ['service-token'] }],
    },
  });
  await hubctl(['secrets', 'set', 'service-token'], `${CANARY}\n`);
  const applied = await operator.apply();
  expect(applied).toMatchObject({ code: 0, said: expect.stringMatching(/✓ one: \d+ changes made/) });
  expect(await hubctl(['plan'])).toMatchObject({ code: 0, said: '✓ one: nothing to do\n' });

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

  expect(await hubctl(['audit', 'verify', 'staging'])).toMatchObject({ code: 0 });
  expect(await readFile(join(operator.home, 'audit.jsonl'), 'utf8')).toMatch(
    /"plan one":"[0-9a-f]{12}","log one":"2 /,
  );
  await guest.run(['sed', '-i', '1s/began/done/', '/var/lib/hub/audit.jsonl']);
  const { code, said } = await hubctl(['audit', 'verify', 'staging']);
  expect([code, said]).toEqual([1, expect.stringContaining('line 1 was changed, or line 2')]);
}, 400_000);
