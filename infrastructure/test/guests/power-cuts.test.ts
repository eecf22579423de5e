import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleFile } from '../../src/config/annotate.ts';
import { environmentOf, readConfig } from '../../src/config/read.ts';
import { hostResources } from '../../src/host/host.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { applyPlan } from '../../src/resources/apply.ts';
import { gatherFacts } from '../../src/resources/facts.ts';
import { makePlan } from '../../src/resources/plan.ts';
import type { Resource } from '../../src/resources/resource.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { startAuthority } from './authority.ts';
import { DOMAIN, startDns } from './dns.ts';
import { figure, timed } from './figures.ts';
import { type Guest, startGuest } from './guest.ts';
import { inside, makeSo } from './inside.ts';
import { endAll, untilEnd } from './until-end.ts';
import { warmImage } from './warm.ts';

/** Where the power goes: a step, and what tells that it is in its middle; without that, as soon as it begins. */
const CUTS: readonly [step: string, middle?: string][] = [
  ['packages base', 'pgrep -x dpkg'],
  ['access deploy'],
  ['file /etc/ssh/sshd_config.d/00-hub.conf'],
  ['firewall ufw', 'pgrep -f /usr/sbin/ufw'],
  ['secrets on disk, encrypted'],
  ['packages postgresql', 'pgrep -x dpkg'],
  ['postgresql 15/hub', 'test -e /var/lib/postgresql/15/hub.hub-new/PG_VERSION'],
  ['service postgresql@15-hub.service'],
  ['postgresql roles'],
  ['file /etc/redis/redis.conf'],
  [`certificate ${DOMAIN}`, 'pgrep -f obtain-certificate'],
];

const LIFETIME_SECONDS = 86_400;

let guest: Guest;
let machine: Machine;
let resources: Resource[];

beforeAll(async () => {
  const dns = await untilEnd(startDns());
  guest = await untilEnd(startGuest(await warmImage()));
  await dns.point(DOMAIN, guest.address);
  const authority = await untilEnd(startAuthority({ dns, lifetimeSeconds: LIFETIME_SECONDS }));
  await authority.trustIn(guest);
  machine = inside(guest);
  const environment = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
  const engines = { ...environment.engines, docker: false };
  const certificates = { authorities: [authority.directory] };
  const [host] = environment.hosts;
  if (!host) throw new Error('the example has no host');
  const password = new Secret('canary-of-an-engine');
  const names = ['hub_migrator', 'hub_auth', 'hub_core'];
  const accounts = {
    postgres: new Map(names.map((name) => [name, password])),
    redis: new Map([['hub', password]]),
  };
  const deliveries = [{ service: 'core-service', user: 'root', name: 'token', value: new Secret('canary') }];
  resources = hostResources({ ...environment, engines, certificates, domains: [DOMAIN] }, host, {
    ...{ facts: await gatherFacts(machine), operator: '198.18.77.1', sshdPort: 22 },
    ...{ deliveries, accounts },
  });
});
afterAll(endAll);

/** Applies until the power goes in this step; resolves to how many steps were left. */
async function applyUntil(step: string, middle: string | undefined): Promise<number> {
  const plan = await makePlan(machine, resources);
  const all = plan.steps.map(({ resource }) => resource.id);
  expect(all).toContain(step);
  let applying: Promise<unknown> = Promise.resolve();
  await new Promise<void>((begin) => {
    const knock = () => Promise.resolve();
    const onStep = (id: string) => {
      if (id === step) begin();
    };
    // It ends before the step where something fails there; then the step is still to be done, and that is seen.
    applying = applyPlan(plan, { machine, knock, onStep }).then(
      () => begin(),
      () => begin(),
    );
  });
  if (middle !== undefined) {
    const isThere = async () => (await guest.attempt(['sh', '-c', middle])).code;
    await expect.poll(isThere, { interval: 20, timeout: 60_000 }).toBe(0);
  }
  await guest.cutPower();
  await applying;
  // fail2ban, installed and not yet told where to read, is one that fails.
  await guest.start().catch((error: unknown) => {
    if (!String(error).includes('is degraded')) throw error;
  });
  return all.length - all.indexOf(step);
}

it('converges after a power cut at each of eleven points', async () => {
  for (const [step, middle] of CUTS)
    figure(`power cut in ${step}`, `${await applyUntil(step, middle)} steps left`, 'converges');
  const { seconds } = await timed(() => makeSo(machine, resources));
  figure('the apply after eleven power cuts', `${seconds.toFixed(1)} s`, 'nothing left');
  expect(await guest.run(['systemctl', 'is-system-running'])).toBe('running');
  const database = [
    'runuser',
    '-u',
    'postgres',
    '--',
    'psql',
    '-XqAt',
    '-d',
    'hub',
    '-c',
    'SELECT current_database()',
  ];
  expect(await guest.run(database)).toBe('hub');
  expect(await guest.run(['cat', '/run/smart-ai-hub/secrets/core-service/token'])).toBe('canary');
}, 500_000);
