import cookie from '@fastify/cookie';
import {
  ANNOUNCE_JOB,
  announceJob,
  checkPoolBudget,
  enqueueIn,
  isDatabaseUnavailable,
  openDatabase,
  runJobs,
} from '@smart-ai-hub/database';
import {
  accountContract,
  authContract,
  createClient,
  internalContract,
  keysContract,
  oidcContract,
  partnerSessionsContract,
  oauthContract,
  teamsContract,
  usersContract,
  passkeysContract,
  secondFactorContract,
  sessionsContract,
  stepUpContract,
} from '@smart-ai-hub/shared/contracts';
import {
  bind,
  type Built,
  type ClosableTransport,
  type Config,
  createApp,
  createSealer,
  createTokenVerifier,
  type Guards,
  httpTransport,
  type Logger,
  openAccessChanges,
  openStore,
  type Store,
  VERSION,
} from '@smart-ai-hub/shared/service';
import type { FastifyInstance } from 'fastify';
import { accountHandlers, authHandlers } from './accounts/index.ts';
import { PURGE_JOB, purgeJob } from './accounts/purge.ts';
import { issueSetupToken } from './accounts/setup.ts';
import type { settings } from './config.ts';
import type { AuthDeps } from './context.ts';
import { identify } from './identity/identify.ts';
import { renew } from './identity/renew.ts';
import { keyHandlers } from './keys/index.ts';
import { serveDevMail } from './mail/dev-page.ts';
import { mailJobs } from './mail/mail-jobs.ts';
import { openMailer } from './mail/open-mailer.ts';
import { oidcHandlers } from './oidc/index.ts';
import { openProviders } from './oidc/providers.ts';
import { partnerSessionHandlers } from './partner-sessions/index.ts';
import { oauthHandlers } from './oauth/index.ts';
import { mountOAuth } from './oauth/mount.ts';
import { openProvider } from './oauth/open-provider.ts';
import type { Fetch } from './oauth/provider.ts';
import { sweepJob } from './oauth/sweep.ts';
import { teamHandlers } from './teams/index.ts';
import { membersOf } from './teams/members-of.ts';
import { userHandlers } from './users/index.ts';
import { passkeyHandlers } from './passkeys/index.ts';
import { relyingPartyOf } from './passkeys/relying-party.ts';
import { secondFactorHandlers } from './second-factor/index.ts';
import { sessionHandlers } from './sessions/index.ts';
import { createSigner } from './sessions/signer.ts';
import { stepUpHandlers } from './step-up/index.ts';

/** What the one-process platform gives in place of connections. */
export interface AuthParts {
  store?: Store;
  core?: ClosableTransport;
  fetch?: Fetch;
}

/** The identity service: accounts, sessions, keys, and the keys that verify its tokens. */
export async function build(
  config: Config<typeof settings>,
  logger: Logger,
  parts: AuthParts = {},
): Promise<Built> {
  const { serviceToken } = config;
  const database = openDatabase({
    url: config.databaseUrl.reveal(),
    poolMax: config.poolMax,
    name: 'auth-service',
  });
  await checkPoolBudget(database, { budget: config.poolBudget, poolMax: config.poolMax });
  const store = parts.store ?? openStore(config, logger);
  const core = parts.core ?? httpTransport(config.coreUrl, { serviceToken });
  const signer = await createSigner(config.signingSeed, config.previousSeeds);
  const { announce } = openAccessChanges(store.keyValue);
  const mailer = openMailer(config, logger);
  const base = { database, store: store.keyValue, enqueue: enqueueIn('auth'), announce };
  const issuer = new URL(config.publicUrl).origin;
  const seeds = [config.signingSeed, ...config.previousSeeds] as const;
  const deps: AuthDeps = {
    ...base,
    core: createClient(internalContract, core),
    membersOf: (managerId) => membersOf(database, managerId),
    signer,
    providers: openProviders(config.oidcProviders, config.publicUrl),
    logger,
    oauthServer: openProvider({ ...base, issuer, logger, seeds, fetch: parts.fetch }),
    issuer,
    sealer: createSealer(config.sealingKey),
    relyingParty: relyingPartyOf(config.publicUrl),
    requireVerifiedEmail: config.requireVerifiedEmail ?? config.smtpUrl !== undefined,
    triesPerNetwork: config.triesPerNetwork,
    secureCookies: config.publicUrl.startsWith('https:'),
  };

  const app = createApp({
    service: 'auth-service',
    version: VERSION,
    logger,
    isUnavailable: isDatabaseUnavailable,
    probes: { postgresql: database.ping, store: () => store.keyValue.ping() },
  });
  void app.register(cookie);
  const guards = { serviceToken, verifyToken: createTokenVerifier(signer.verificationKeys) };
  bindRoutes(app, guards, deps);
  serveDevMail(app, mailer);

  const token = await issueSetupToken(database);
  const notice = token === undefined ? undefined : setupNotice(config.publicUrl, token);
  const stopJobs = await runJobs(database, {
    queue: 'auth',
    jobs: {
      [ANNOUNCE_JOB]: announceJob(announce),
      ...mailJobs({ database, mailer, publicUrl: config.publicUrl }),
      'oauth-sweep': sweepJob(deps),
      [PURGE_JOB]: purgeJob(deps),
    },
    log: logger,
  });
  return { app, notice, close: [database.close, store.close, core.close, mailer.close, stopJobs] };
}

function bindRoutes(app: FastifyInstance, guards: Guards, deps: AuthDeps): void {
  bind(app, authContract, guards, deps, authHandlers);
  bind(app, accountContract, guards, deps, accountHandlers);
  bind(app, sessionsContract, guards, deps, sessionHandlers);
  bind(app, secondFactorContract, guards, deps, secondFactorHandlers);
  bind(app, passkeysContract, guards, deps, passkeyHandlers);
  bind(app, stepUpContract, guards, deps, stepUpHandlers);
  bind(app, keysContract, guards, deps, keyHandlers);
  bind(app, oidcContract, guards, deps, oidcHandlers);
  bind(app, partnerSessionsContract, guards, deps, partnerSessionHandlers);
  bind(app, oauthContract, guards, deps, oauthHandlers);
  mountOAuth(app, deps);
  bind(app, teamsContract, guards, deps, teamHandlers);
  bind(app, usersContract, guards, deps, userHandlers);
  const { identify: identifyRoute, renew: renewRoute, reach, jwks } = internalContract;
  bind(app, { identify: identifyRoute, renew: renewRoute, reach, jwks }, guards, deps, {
    identify: (ctx, { body }) => identify(ctx, body.credential),
    renew: (ctx, { body }) => renew(ctx, body.token),
    reach: async (_, { body }) => ({ memberIds: [...(await deps.membersOf(body.userId))] }),
    jwks: () => Promise.resolve(deps.signer.jwks),
  });
}

/** The token stands in the fragment, which no server sees and no log keeps. */
const setupNotice = (publicUrl: string, token: string) =>
  `Make the first administrator: ${publicUrl}/setup#token=${token}`;
