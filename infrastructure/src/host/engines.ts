import type { Environment } from '../config/schema.ts';
import type { Facts } from '../resources/facts.ts';
import { packages } from '../resources/packages.ts';
import { type Repository, repository, repositoryId } from '../resources/repository.ts';
import type { Resource } from '../resources/resource.ts';
import type { Accounts } from './accounts.ts';
import { docker } from './docker.ts';
import { pm2 } from './pm2.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { systemOf } from './systems.ts';

interface Engines {
  engines: Environment['engines'];
  facts: Facts;
  accounts: Accounts;
}

/** What runs beside the services on a host, as far as it is wanted there. */
export function hostEngines({ engines, facts, accounts }: Engines, after: readonly string[]): Resource[] {
  const system = systemOf(facts);
  const { memory, cores } = facts;
  const repositories = [
    ...(engines.postgres ? [system.repositories.postgres] : []),
    ...(engines.redis ? [system.repositories.redis] : []),
  ].filter((one) => one !== undefined);
  const waits = (one?: Repository) => (one ? [repositoryId(one), ...after] : after);
  const sizing = { memory, cores, budget: engines.pools.budget };
  return [
    ...(repositories.length > 0 ? [packages('for keys', ['gpg'], after)] : []),
    ...repositories.flatMap((one) => repository(one, ['packages for keys'])),
    ...(engines.postgres
      ? postgres(
          { version: system.postgres, sizing, passwords: accounts.postgres },
          waits(system.repositories.postgres),
        )
      : []),
    ...(engines.redis ? redis({ memory, passwords: accounts.redis }, waits(system.repositories.redis)) : []),
    ...(engines.docker ? docker(system.docker, after) : []),
    ...(engines.pm2 ? pm2(after) : []),
  ];
}
