import cors from '@fastify/cors';
import { createClient, internalContract } from '@smart-ai-hub/shared/contracts';
import {
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
  resourceChallenge,
  type Store,
  takeHandshakes,
  VERSION,
} from '@smart-ai-hub/shared/service';
import type { settings } from './config.ts';
import { httpUpstream } from './http-upstream.ts';
import { createIdentify } from './identity.ts';
import { createOriginCheck } from './origins.ts';
import { servePages } from './pages.ts';
import { createRateLimit } from './rate-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { registerWays } from './routes.ts';
import { leaveStalledCallers } from './stalled-callers.ts';
import type { ServiceName, Upstream } from './upstreams.ts';

export { localUpstream } from './local-upstream.ts';

/** What the one-process platform gives in place of connections. */
export interface GatewayParts {
  store?: Store;
  auth?: ClosableTransport;
  upstreams?: Record<ServiceName, Upstream>;
}

/** The one door of the platform: who calls, how often, and on to the service that answers. */
export async function build(
  config: Config<typeof settings>,
  logger: Logger,
  parts: GatewayParts = {},
): Promise<Built> {
  const { serviceToken, bodyLimit } = config;
  const store = parts.store ?? openStore(config, logger);
  const auth = parts.auth ?? httpTransport(config.authUrl, { serviceToken });
  const client = createClient(internalContract, auth);
  const upstreams = parts.upstreams ?? overHttp(config);
  const app = createApp({
    service: 'api-gateway',
    version: VERSION,
    logger,
    bodyLimit,
    trustProxy: config.trustProxy,
    challenge: resourceChallenge(config.publicUrl),
    accessLevel: 'info',
    probes: {
      store: () => store.keyValue.ping(),
      ...Object.fromEntries(Object.values(upstreams).map(({ name, probe }) => [name, probe])),
    },
  });

  const headers = securityHeaders(config.publicUrl.startsWith('https:'));
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  const handshakeOf = takeHandshakes(app);
  leaveStalledCallers(app, config.stallTimeout, handshakeOf);
  if (config.corsOrigins.length > 0) void app.register(cors, corsOptions(config.corsOrigins));
  registerWays(app, {
    upstreams,
    bodyLimit,
    handshakeOf,
    requireKnownOrigin: createOriginCheck(config.publicUrl, config.corsOrigins),
    limitRate: createRateLimit(store.rateLimiter, config.rateLimits),
    identify: await createIdentify({
      verifyToken: createTokenVerifier(cachedJwks(() => client.jwks())),
      changes: openAccessChanges(store.keyValue),
      auth: client,
    }),
  });
  if (config.frontendDir !== undefined) servePages(app, config.frontendDir);
  return { app, close: [store.close, auth.close, ...Object.values(upstreams).map(({ close }) => close)] };
}

/** Milliseconds. AI answers that are not a stream take as long as mcp-server lets them. */
const OWN_TIMEOUT = 30_000;
const AI_TIMEOUT = 310_000;

function overHttp({
  authUrl,
  coreUrl,
  mcpUrl,
  bodyLimit,
}: Config<typeof settings>): Record<ServiceName, Upstream> {
  const own = { headersTimeout: OWN_TIMEOUT, bodyTimeout: OWN_TIMEOUT, bodyLimit };
  return {
    'auth-service': httpUpstream('auth-service', authUrl, own),
    'core-service': httpUpstream('core-service', coreUrl, own),
    'mcp-server': httpUpstream('mcp-server', mcpUrl, {
      headersTimeout: AI_TIMEOUT,
      bodyTimeout: AI_TIMEOUT,
      bodyLimit,
    }),
  };
}

const corsOptions = (origins: string[]) => ({
  origin: origins,
  credentials: false,
  maxAge: 600,
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  exposedHeaders: [
    ...['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'www-authenticate'],
    ...['idempotent-replayed', 'x-hub-cache', 'mcp-session-id'],
  ],
});
