import { completionsContract, createClient, internalContract } from '@smart-ai-hub/shared/contracts';
import {
  bind,
  type Built,
  cachedJwks,
  type ClosableTransport,
  type Config,
  createApp,
  createTokenVerifier,
  httpTransport,
  type Logger,
  openStore,
  type Store,
  resourceChallenge,
  VERSION,
} from '@smart-ai-hub/shared/service';
import { completionHandlers } from './completions/index.ts';
import type { settings } from './config.ts';
import type { McpDeps } from './context.ts';
import { openLedger } from './metering/ledger.ts';
import { openPriceList } from './metering/price-list.ts';
import { createTokenLimit } from './metering/token-limit.ts';
import { openCatalogue } from './providers/catalogue.ts';

/** What the one-process platform gives in place of connections. */
export interface McpParts {
  store?: Store;
  auth?: ClosableTransport;
  core?: ClosableTransport;
}

/** Bytes of a chat request: images travel in it. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** The AI gateway: models, metered, over every provider. */
export async function build(
  config: Config<typeof settings>,
  logger: Logger,
  parts: McpParts = {},
): Promise<Built> {
  const { serviceToken } = config;
  const store = parts.store ?? openStore(config, logger);
  const auth = parts.auth ?? httpTransport(config.authUrl, { serviceToken });
  const core = parts.core ?? httpTransport(config.coreUrl, { serviceToken });
  const coreClient = createClient(internalContract, core);
  const ledger = openLedger(coreClient, logger);
  const catalogue = openCatalogue(config.providers, config);
  const deps: McpDeps = {
    catalogue,
    ledger,
    tokenLimit: createTokenLimit(store.rateLimiter, logger),
    priceOf: openPriceList(coreClient),
    drainTimeout: config.drainTimeout,
  };

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
  const keys = cachedJwks(() => createClient(internalContract, auth).jwks());
  bind(
    app,
    completionsContract,
    { serviceToken, verifyToken: createTokenVerifier(keys) },
    deps,
    completionHandlers,
  );
  return Promise.resolve({
    app,
    close: [store.close, auth.close, core.close, catalogue.close, ledger.close],
  });
}
