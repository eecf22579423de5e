import type { Environment } from '../config/schema.ts';
import { Failure } from '../failure.ts';
import { Secret } from '../secrets/secret.ts';
import { DATABASE } from './postgres.ts';

/** Passwords of the engines’ users, by name. */
export interface Accounts {
  postgres: ReadonlyMap<string, Secret>;
  redis: ReadonlyMap<string, Secret>;
}

export const NO_ACCOUNTS: Accounts = { postgres: new Map(), redis: new Map() };

/** A secret with the address that a service is given; the engine’s side of the same secret is its user and password. */
interface Address {
  secret: string;
  user: string;
  isNeeded: boolean;
}

const address = (secret: string, user: string, isNeeded: boolean): Address => ({ secret, user, isNeeded });

const POSTGRES = [
  address('migrator-database-url', 'hub_migrator', true),
  address('auth-database-url', 'hub_auth', true),
  address('core-database-url', 'hub_core', true),
  address('readonly-database-url', 'hub_readonly', false),
  address('backup-database-url', 'hub_backup', false),
];
const REDIS = [address('redis-url', 'hub', true), address('redis-watch-url', 'hub_watch', false)];

const LEAST = 16;

/**
 * The accounts of the engines that an environment has, from the addresses that its services get: one secret for both
 * ends. Throws a Failure that names every secret that is missing or does not fit, and shows none.
 */
export function accountsOf(engines: Environment['engines'], secrets: ReadonlyMap<string, Secret>): Accounts {
  const mistakes: string[] = [];
  const read = (addresses: readonly Address[], protocol: string, path: string) =>
    new Map(
      addresses.flatMap(({ secret, user, isNeeded }): [string, Secret][] => {
        const value = secrets.get(secret);
        if (!value) {
          if (isNeeded) mistakes.push(`${secret}: is missing`);
          return [];
        }
        const password = passwordIn(value.reveal(), `${protocol}://${user}@${path}`);
        if (password === undefined) {
          const shall = `${protocol}://${user}:PASSWORD@127.0.0.1${path}`;
          mistakes.push(`${secret}: must be like ${shall}, with ${LEAST} letters, digits, - or _ or more`);
        }
        return password === undefined ? [] : [[user, new Secret(password)]];
      }),
    );
  const accounts = {
    postgres: engines.postgres ? read(POSTGRES, 'postgres', `/${DATABASE}`) : NO_ACCOUNTS.postgres,
    redis: engines.redis ? read(REDIS, 'redis', '') : NO_ACCOUNTS.redis,
  };
  if (mistakes.length === 0) return accounts;
  throw new Failure(
    'the engines need secrets that are not there, or do not fit',
    mistakes,
    'Set each with: hubctl secrets set NAME',
  );
}

/** The password of an address with this protocol, user and path, whatever its host; nothing where it is another. */
function passwordIn(text: string, shall: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, pathname } = new URL(text);
  const found = `${protocol}//${username}@${pathname === '/' ? '' : pathname}`;
  const isLong = new RegExp(String.raw`^[\w-]{${LEAST},}$`).test(password);
  return found === shall && isLong ? password : undefined;
}

/** Whether the secrets of the environment must be opened for these. */
export const needsAccounts = ({ postgres, redis }: Environment['engines']): boolean => postgres || redis;
