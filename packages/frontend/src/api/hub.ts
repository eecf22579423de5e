import {
  accountContract,
  askedProvidersContract,
  auditContract,
  authContract,
  completionsContract,
  conversationsContract,
  createClient,
  creditsContract,
  keysContract,
  mcpProfilesContract,
  mcpServersContract,
  mcpUpstreamsContract,
  passkeysContract,
  oidcContract,
  partnerSessionsContract,
  oauthContract,
  pricesContract,
  promosContract,
  providersContract,
  secondFactorContract,
  sessionsContract,
  stepUpContract,
  rolesContract,
  teamsContract,
  usageContract,
  usersContract,
  webhooksContract,
} from '@smart-ai-hub/shared/contracts';
import { withSession } from './authorized.ts';
import { createStreamCompletion } from './completion.ts';
import { createConfirmation, withConfirmation } from './confirmation.ts';
import { createDownload } from './download.ts';
import { createExchange } from './exchange.ts';
import { createSession, type Lock } from './session.ts';
import { createTransport } from './transport.ts';

/** What a sign-in may take. */
const visitorContract = {
  ...authContract,
  secondFactor: secondFactorContract.secondFactor,
  passkeySignInOptions: passkeysContract.passkeySignInOptions,
  passkeySignIn: passkeysContract.passkeySignIn,
};

export interface HubOptions {
  fetch: typeof globalThis.fetch;
  lock: Lock;
  now?: () => number;
}

export type Hub = ReturnType<typeof createHub>;

/** Everything that this page can ask of the hub. */
export function createHub({ fetch, lock, now }: HubOptions) {
  const exchange = createExchange(fetch);
  const unsigned = createTransport(exchange);
  const visitor = createClient(visitorContract, unsigned);
  const session = createSession({
    refresh: () => visitor.refresh({ body: {} }),
    lock,
    ...(now && { now }),
  });
  const confirmation = createConfirmation();
  const authorized = withConfirmation(withSession(exchange, session), confirmation);
  const transport = createTransport(authorized);
  return {
    session,
    confirmation,
    /** Calls that need nobody to be signed in. */
    visitor,
    /** The ways to a new password, for whoever forgot theirs. */
    recovery: createClient(accountContract, unsigned),
    auth: createClient(authContract, transport),
    sessions: createClient(sessionsContract, transport),
    secondFactor: createClient(secondFactorContract, transport),
    passkeys: createClient(passkeysContract, transport),
    stepUp: createClient(stepUpContract, transport),
    account: createClient(accountContract, transport),
    conversations: createClient(conversationsContract, transport),
    credits: createClient(creditsContract, transport),
    keys: createClient(keysContract, transport),
    oidc: createClient(oidcContract, transport),
    partnerSessions: createClient(partnerSessionsContract, transport),
    oauth: createClient(oauthContract, transport),
    usage: createClient(usageContract, transport),
    prices: createClient(pricesContract, transport),
    promos: createClient(promosContract, transport),
    providers: createClient(providersContract, transport),
    askedProviders: createClient(askedProvidersContract, transport),
    mcpServers: createClient(mcpServersContract, transport),
    mcpUpstreams: createClient(mcpUpstreamsContract, transport),
    mcpProfiles: createClient(mcpProfilesContract, transport),
    users: createClient(usersContract, transport),
    teams: createClient(teamsContract, transport),
    models: createClient(completionsContract, transport),
    roles: createClient(rolesContract, transport),
    audit: createClient(auditContract, transport),
    webhooks: createClient(webhooksContract, transport),
    download: createDownload(authorized),
    streamCompletion: createStreamCompletion(authorized),
  };
}
