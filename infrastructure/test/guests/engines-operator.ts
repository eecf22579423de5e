import type { Guest } from './guest.ts';
import { type Operator, operatorOf } from './operator.ts';

/** Passwords of the engines, one secret each, as services get them. */
const ENGINE_SECRETS = {
  'migrator-database-url': 'postgres://hub_migrator:canary-of-hub_migrator@127.0.0.1:5432/hub',
  'auth-database-url': 'postgres://hub_auth:canary-of-hub_auth@127.0.0.1:5432/hub',
  'core-database-url': 'postgres://hub_core:canary-of-hub_core@127.0.0.1:5432/hub',
  'redis-url': 'redis://hub:canary-of-hub-user@127.0.0.1:6379',
};

/** An operator of this guest, whose platform has these engines; their secrets are set. */
export async function enginesOperatorOf(
  guest: Guest,
  engines: Partial<Record<'postgres' | 'redis' | 'docker' | 'pm2', boolean>>,
): Promise<Operator> {
  const operator = await operatorOf(guest);
  const secrets = {
    readers: [{ name: 'ann', recipient: operator.recipient }],
    // Whoever has releases has the user that they run as.
    services: engines.pm2 ? [{ name: 'core-service', user: 'hub', secrets: ['core-database-url'] }] : [],
  };
  await operator.configure({ secrets, engines });
  for (const [name, value] of Object.entries(ENGINE_SECRETS))
    await operator.hubctl(['secrets', 'set', name], `${value}\n`);
  return operator;
}
