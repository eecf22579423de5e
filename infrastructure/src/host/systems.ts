import type { Facts } from '../resources/facts.ts';
import type { Repository } from '../resources/repository.ts';

/** What a system’s packages are called, and what it needs from elsewhere. */
export interface System {
  /** Major version of PostgreSQL. */
  postgres: number;
  /** Docker Engine and Compose. */
  docker: readonly string[];
  repositories: { postgres?: Repository; redis?: Repository };
}

/** Keys and addresses as postgresql.org/download/linux/ubuntu and redis.io/docs/latest/operate/oss_and_stack name them. */
const JAMMY: System['repositories'] = {
  postgres: {
    name: 'postgresql',
    key: 'https://www.postgresql.org/media/keys/ACCC4CF8.asc',
    fingerprint: 'B97B0AFCAA1A47F044F244A07FCC7D46ACCC4CF8',
    uri: 'https://apt.postgresql.org/pub/repos/apt',
    suite: 'jammy-pgdg',
    component: 'main',
  },
  redis: {
    name: 'redis',
    key: 'https://packages.redis.io/gpg',
    fingerprint: '54318FA4052D1E61A6B6F7BB5F4349D6BF53AA0C',
    uri: 'https://packages.redis.io/deb',
    suite: 'jammy',
    component: 'main',
  },
};

const UBUNTU_DOCKER = ['docker.io', 'docker-compose-v2'];

/** The distributions’ own packages wherever they are new enough: PostgreSQL 15, Redis 7. */
const SYSTEMS: Readonly<Record<string, System>> = {
  'debian 12': { postgres: 15, docker: ['docker.io', 'docker-compose'], repositories: {} },
  'debian 13': { postgres: 17, docker: ['docker.io', 'docker-cli', 'docker-compose'], repositories: {} },
  'ubuntu 22.04': { postgres: 16, docker: UBUNTU_DOCKER, repositories: JAMMY },
  'ubuntu 24.04': { postgres: 16, docker: UBUNTU_DOCKER, repositories: {} },
};

/** Throws for a system that `requireSupported` refuses. */
export function systemOf({ os, release }: Pick<Facts, 'os' | 'release'>): System {
  const system = SYSTEMS[`${os} ${release}`];
  if (!system) throw new Error(`${os} ${release} is not supported`);
  return system;
}
