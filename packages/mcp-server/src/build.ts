import { createHmac } from 'node:crypto';
import {
  askedProvidersContract,
  type Client,
  completionsContract,
  createClient,
  internalContract,
  mcpContract,
  mcpUpstreamsContract,
  messagesContract,
  responsesContract,
} from '@smart-ai-hub/shared/contracts';
import {
  type AccessChanges,
  bind,
  type Built,
  cachedJwks,
  type ClosableTransport,
  type Config,
  createApp,
  createTokenVerifier,
  httpTransport,
  type Logger,
  openAccessChanges,
  openStore,
  type Store,
  resourceChallenge,
  VERSION,
} from '@smart-ai-hub/shared/service';
import { openClientSessions } from './client-sessions/client-sessions.ts';
import { openHeldCalls } from './client-sessions/held-calls.ts';
import { openQuestions } from './client-sessions/questions.ts';
import { openRunningCalls } from './client-sessions/running-calls.ts';
import { openAnswerRoom } from './completions/answer-room.ts';
import { completionHandlers, messageHandlers, responseHandlers } from './completions/index.ts';
import type { settings } from './config.ts';
import type { McpDeps } from './context.ts';
import { openKeptAnswers } from './kept-answers/open-kept-answers.ts';
import { mcpHandlers } from './mcp/index.ts';
import { openLedger } from './metering/ledger.ts';
import { openPriceList } from './metering/price-list.ts';
import { createTokenLimit } from './metering/token-limit.ts';
import { openNewsStreams } from './news/news-streams.ts';
import { openCatalogue } from './providers/catalogue.ts';
import { providerHandlers } from './providers/index.ts';
import { openKeptProviders } from './providers/kept-providers.ts';
import { openSource } from './providers/vendor.ts';
import type { LiveActorParts } from './socket/live-actor.ts';
import { openSockets } from './socket/open-sockets.ts';
import { serveSocket } from './socket/serve-socket.ts';
import { upstreamHandlers } from './upstreams/index.ts';
import { openKeptUpstreams } from './upstreams/kept-upstreams.ts';

/** What the one-process platform gives in place of connections. */
export interface McpParts {
  store?: Store;
  auth?: ClosableTransport;
  core?: ClosableTransport;
}

/** Bytes of a chat request: images travel in it. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** Bytes of answers, and of large events, that are read as a whole, of all calls; one answer more may be under way beside them. */
const WHOLE_ANSWERS = 32 * 1024 * 1024;

/** What the doors are served with, and how to close what was opened for it. */
interface Opened {
  deps: McpDeps;
  close: Built['close'];
}

interface Connections {
  store: Store;
  changes: AccessChanges;
  services: McpDeps['services'];
  coreClient: Client<typeof internalContract>;
  live: LiveActorParts;
}

async function openDeps(config: Config<typeof settings>, logger: Logger, to: Connections): Promise<Opened> {
  const { store, changes, services, coreClient: core, live } = to;
  const { breakerPercent, serviceToken } = config;
  const ledger = openLedger(core, logger);
  const fixed = config.providers.map((provider) => openSource(provider, config));
  const catalogue = openCatalogue(fixed);
  const kept = await openKeptProviders({ core, changes, patience: config, logger, take: catalogue.take });
  const upstreams = await openKeptUpstreams({ core, changes, breakerPercent, logger });
  const fixedVendors = fixed.map(({ provider }) => provider);
  const deps: McpDeps = {
    catalogue,
    vendors: () => [...fixedVendors, ...kept.vendors()],
    environmentProviders: config.providers,
    ledger,
    tokenLimit: createTokenLimit(store.rateLimiter, logger),
    keptAnswers: openKeptAnswers(store, config, logger),
    answerRoom: openAnswerRoom(WHOLE_ANSWERS),
    priceOf: openPriceList(core),
    patience: { retries: config.retries, pause: config.retryPause },
    drainTimeout: config.drainTimeout,
    services,
    clientSessions: openClientSessions(store.keyValue),
    questions: await openQuestions(store.keyValue),
    runningCalls: await openRunningCalls(store.keyValue),
    newsStreams: await openNewsStreams(store.keyValue, live),
    heldCalls: await openHeldCalls(store.keyValue),
    upstreams,
    localMcpServers: config.localMcpServers,
    stdioCommands: config.stdioCommands,
    stateKey: createHmac('sha256', serviceToken.reveal()).update('state of an MCP call').digest(),
    logger,
  };
  const closeFixed = fixedVendors.map(({ close }) => close);
  return { deps, close: [kept.close, upstreams.close, ...closeFixed, ledger.close] };
}

/** The AI gateway: models, metered, over every provider, and tools. */
export async function build(
  config: Config<typeof settings>,
  logger: Logger,
  parts: McpParts = {},
): Promise<Built> {
  const { serviceToken } = config;
  const store = parts.store ?? openStore(config, logger);
  const auth = parts.auth ?? httpTransport(config.authUrl, { serviceToken });
  const core = parts.core ?? httpTransport(config.coreUrl, { serviceToken });
  const [authClient, coreClient] = [
    createClient(internalContract, auth),
    createClient(internalContract, core),
  ];
  const changes = openAccessChanges(store.keyValue);
  const keys = cachedJwks(() => authClient.jwks());
  const guards = { serviceToken, verifyToken: createTokenVerifier(keys) };
  const live = { verifyToken: guards.verifyToken, auth: authClient, changes };
  const { deps, close } = await openDeps(config, logger, {
    ...{ store, changes, services: { auth, core }, coreClient, live },
  });

  const app = createApp({
    service: 'mcp-server',
    version: VERSION,
    logger,
    bodyLimit: BODY_LIMIT,
    challenge: resourceChallenge(config.publicUrl),
    probes: {
      'core-service': async () => {
        await coreClient.prices();
      },
    },
  });
  app.addHook('preClose', (done) => {
    deps.questions.close(); // calls that wait for an answer end in words
    deps.heldCalls.close();
    deps.newsStreams.close();
    done();
  });
  bind(app, completionsContract, guards, deps, completionHandlers);
  bind(app, messagesContract, guards, deps, messageHandlers);
  bind(app, responsesContract, guards, deps, responseHandlers);
  bind(app, mcpContract, guards, deps, mcpHandlers);
  bind(app, mcpUpstreamsContract, guards, deps, upstreamHandlers);
  bind(app, askedProvidersContract, guards, deps, providerHandlers);
  serveSocket(app, {
    ...{ guards, deps, ...live },
    ...{ rateLimiter: store.rateLimiter, rateLimits: config.rateLimits },
    sockets: await openSockets(changes, config),
  });
  return { app, close: [store.close, auth.close, core.close, ...close] };
}
