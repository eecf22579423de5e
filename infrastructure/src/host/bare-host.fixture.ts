import type { Command } from '../commands/command.ts';
import { exampleFile } from '../config/annotate.ts';
import { environmentOf, readConfig } from '../config/read.ts';
import { factsOf, requireSupported } from '../resources/facts.ts';
import { ordered } from '../resources/order.ts';
import { Secret } from '../secrets/secret.ts';
import { hostResources } from './host.ts';

const environment = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
const [host] = environment.hosts;

/** As these systems answered, or for those that could not be booted here, as their os-release(5) says. */
export const FACTS = {
  'debian-12': 'os=debian\nrelease=12\n',
  'debian-13': 'os=debian\nrelease=13\n',
  'ubuntu-22.04': 'os=ubuntu\nrelease=22.04\n',
  'ubuntu-24.04': 'os=ubuntu\nrelease=24.04\n',
};
/** What they answered beyond that. */
export const REST = `architecture=x86_64\ncores=4\nmemory=8589934592\nfree=75161927680\nclock=1795000000
systemd=running\napt=/usr/bin/apt-get\nlistening=22 \n`;

/** Every secret that a host gets. */
export const CANARIES = ['canary-of-an-engine', 'canary-of-a-service'] as const;

const password = new Secret(CANARIES[0]);
const names = ['hub_migrator', 'hub_auth', 'hub_core'];
const ACCOUNTS = {
  postgres: new Map(names.map((name) => [name, password])),
  redis: new Map([['hub', password]]),
};
const DELIVERY = { service: 'core-service', user: 'hub', name: 'token', value: new Secret(CANARIES[1]) };

/** All that a host of the example shall be, in order. */
export const resourcesOn = (text: string) => {
  if (!host) throw new Error('the example has no host');
  const facts = factsOf(text + REST);
  requireSupported(facts, host.name);
  const situation = {
    facts,
    operator: '198.51.100.7',
    sshdPort: 22,
    deliveries: [DELIVERY],
    accounts: ACCOUNTS,
  };
  return ordered(hostResources(environment, host, situation));
};

/** What a machine answers where nothing of it is there yet. */
export const bare = ({ argv }: Command) => {
  const isFile = argv.join(' ').includes('echo missing');
  return { code: isFile ? 0 : 1, stdout: isFile ? 'missing\nsettled\n' : '', stderr: '' };
};
