import {
  authContract,
  completionsContract,
  createClient,
  creditsContract,
  keysContract,
  oauthContract,
  pricesContract,
  usageContract,
} from '@smart-ai-hub/shared/contracts';
import { withSession } from './authorized.ts';
import { createStreamCompletion } from './completion.ts';
import { createExchange } from './exchange.ts';
import { createSession, type Lock } from './session.ts';
import { createTransport } from './transport.ts';

export interface HubOptions {
  fetch: typeof globalThis.fetch;
  lock: Lock;
  now?: () => number;
}

export type Hub = ReturnType<typeof createHub>;

/** Everything that this page can ask of the hub. */
export function createHub({ fetch, lock, now }: HubOptions) {
  const exchange = createExchange(fetch);
  const visitor = createClient(authContract, createTransport(exchange));
  const session = createSession({
    refresh: () => visitor.refresh({ body: {} }),
    lock,
    ...(now && { now }),
  });
  const authorized = withSession(exchange, session);
  const transport = createTransport(authorized);
  return {
    session,
    /** Calls that need nobody to be signed in. */
    visitor,
    auth: createClient(authContract, transport),
    credits: createClient(creditsContract, transport),
    keys: createClient(keysContract, transport),
    oauth: createClient(oauthContract, transport),
    usage: createClient(usageContract, transport),
    prices: createClient(pricesContract, transport),
    models: createClient(completionsContract, transport),
    streamCompletion: createStreamCompletion(authorized),
  };
}
