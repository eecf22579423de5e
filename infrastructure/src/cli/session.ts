import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentOf, readConfig } from '../config/read.ts';
import type { Environment, Host } from '../config/schema.ts';
import { Failure } from '../failure.ts';
import { type Accounts, accountsOf, needsAccounts, NO_ACCOUNTS } from '../host/accounts.ts';
import { hostResources } from '../host/host.ts';
import { connect, type Connection } from '../machine/connect.ts';
import { gatherFacts, requireSupported } from '../resources/facts.ts';
import { makePlan, type Plan } from '../resources/plan.ts';
import type { Resource } from '../resources/resource.ts';
import type { Delivery } from '../resources/secrets.ts';
import { openVault } from '../secrets/vault.ts';
import type { Terminal } from './terminal.ts';
import type { Typed } from './typed.ts';

export const CONFIG_FILE = 'hub.config.yaml';

export interface Target {
  /** staging or production. */
  name: string;
  environment: Environment;
  hosts: readonly Host[];
  /** Its encrypted secrets, beside the configuration. */
  secretsFile: string;
}

/** What was typed means which machines; throws a Failure before anything is connected. */
export function targetOf(typed: Typed): Target {
  const file = typed.value('config') ?? CONFIG_FILE;
  if (!existsSync(file)) throw new Failure(`there is no ${file}`, [], 'Write one with: hubctl init');
  const config = readConfig(readFileSync(file, 'utf8'), file);
  const there = Object.keys(config.environments);
  const name = typed.environment ?? (there.length === 1 ? there[0] : undefined);
  if (name === undefined) throw new Failure(`which environment: ${there.join(' or ')}?`);
  const environment = environmentOf(config, name);
  typed.facts.set('environment', name);
  const only = typed.value('host');
  const hosts = environment.hosts.filter((host) => only === undefined || host.name === only);
  if (hosts.length === 0) {
    throw new Failure(`${name} has no host ${only ?? ''}`, [
      environment.hosts.map((host) => host.name).join(', '),
    ]);
  }
  return { name, environment, hosts, secretsFile: join(dirname(file), `hub.secrets.${name}.yaml`) };
}

/** What of an environment’s secrets its machines get. */
export interface HostSecrets {
  deliveries: readonly Delivery[];
  accounts: Accounts;
}

/** The secrets that services and engines of an environment get; throws a Failure that names those that are missing. */
export async function secretsOf(
  { environment, secretsFile }: Target,
  { settings }: Terminal,
): Promise<HostSecrets> {
  const { secrets, engines } = environment;
  if (secrets.services.length === 0 && !needsAccounts(engines))
    return { deliveries: [], accounts: NO_ACCOUNTS };
  const { values } = await openVault({ file: secretsFile, identityFile: settings.identityFile });
  const missing: string[] = [];
  const deliveries = secrets.services.flatMap(({ name: service, user, secrets: names }) =>
    names.flatMap((name) => {
      const value = values.get(name);
      if (!value) missing.push(`${name}, for ${service}`);
      return value ? [{ service, user, name, value }] : [];
    }),
  );
  if (missing.length > 0) {
    throw new Failure(`${secretsFile} lacks secrets`, missing, 'Set each with: hubctl secrets set NAME');
  }
  return { deliveries, accounts: accountsOf(engines, values) };
}

export interface Planned {
  connection: Pick<Connection, 'machine' | 'knock' | 'operator'>;
  resources: readonly Resource[];
  plan: Plan;
}

export interface Planning {
  environment: Environment;
  host: Host;
  typed: Typed;
  secrets: HostSecrets;
}

/** Connects to a host, reads it in two round trips, does `work` with its plan, and closes the connection. */
export async function withPlan<T>(
  { environment, host, typed, secrets }: Planning,
  work: (planned: Planned) => Promise<T>,
): Promise<T> {
  const connection = await connect(host, typed.value('ssh-config'));
  try {
    const { machine, operator, sshdPort } = connection;
    const facts = await gatherFacts(machine);
    requireSupported(facts, host.name);
    const resources = hostResources(environment, host, { facts, operator, sshdPort, ...secrets });
    return await work({ connection, resources, plan: await makePlan(machine, resources) });
  } finally {
    await connection.close();
  }
}
