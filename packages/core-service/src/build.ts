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
  accessCheckContract,
  auditContract,
  createClient,
  creditsContract,
  internalContract,
  pricesContract,
  promosContract,
  rolesContract,
  usageContract,
  webhooksContract,
} from '@smart-ai-hub/shared/contracts';
import {
  bind,
  type Built,
  cachedJwks,
  type ClosableTransport,
  type Config,
  createApp,
  createSealer,
  createTokenVerifier,
  httpTransport,
  type Logger,
  openAccessChanges,
  openStore,
  type Store,
  VERSION,
} from '@smart-ai-hub/shared/service';
import { accessCheckHandlers, roleHandlers } from './access/index.ts';
import { auditHandlers } from './audit/index.ts';
import { verifyAuditJob } from './audit/verify-audit.ts';
import type { settings } from './config.ts';
import type { CoreDeps } from './context.ts';
import { creditHandlers } from './credits/index.ts';
import { reconcileJob } from './credits/reconcile.ts';
import { startSweep } from './credits/sweep.ts';
import { coreInternalContract, internalHandlers } from './internal.ts';
import { priceHandlers } from './prices/index.ts';
import { promoHandlers } from './promos/index.ts';
import { usageHandlers } from './usage/index.ts';
import { dropUsageJob, rollUpJob } from './usage/roll-up-usage.ts';
import { DELIVER, deliverJob, forgetDeliveriesJob } from './webhooks/deliveries.ts';
import { webhookHandlers } from './webhooks/index.ts';

/** What the one-process platform gives in place of connections. */
export interface CoreParts {
  store?: Store;
  auth?: ClosableTransport;
}

/** The service of money and access: accounts, ledger, holds, prices, usage, roles. */
export async function build(
  config: Config<typeof settings>,
  logger: Logger,
  parts: CoreParts = {},
): Promise<Built> {
  const { serviceToken, signupCreditMicro, holdSeconds } = config;
  const database = openDatabase({
    url: config.databaseUrl.reveal(),
    poolMax: config.poolMax,
    name: 'core-service',
  });
  await checkPoolBudget(database, { budget: config.poolBudget, poolMax: config.poolMax });
  const auth = parts.auth ?? httpTransport(config.authUrl, { serviceToken });
  const store = parts.store ?? openStore(config, logger);
  const { announce } = openAccessChanges(store.keyValue);
  const authClient = createClient(internalContract, auth);
  const deps: CoreDeps = {
    ...{ database, announce, signupCreditMicro, holdSeconds },
    sealer: createSealer(config.sealingKey),
    localReceivers: config.localReceivers,
    store: store.keyValue,
    enqueue: enqueueIn('core'),
    membersOf: async (userId) => (await authClient.reach({ body: { userId } })).memberIds,
  };

  const app = createApp({
    service: 'core-service',
    version: VERSION,
    logger,
    isUnavailable: isDatabaseUnavailable,
    probes: { postgresql: database.ping },
  });
  const keys = cachedJwks(() => authClient.jwks());
  const guards = { serviceToken, verifyToken: createTokenVerifier(keys) };
  bind(app, creditsContract, guards, deps, creditHandlers);
  bind(app, usageContract, guards, deps, usageHandlers);
  bind(app, promosContract, guards, deps, promoHandlers);
  bind(app, pricesContract, guards, deps, priceHandlers);
  bind(app, rolesContract, guards, deps, roleHandlers);
  bind(app, accessCheckContract, guards, deps, accessCheckHandlers);
  bind(app, auditContract, guards, deps, auditHandlers);
  bind(app, webhooksContract, guards, deps, webhookHandlers);
  bind(app, coreInternalContract, guards, deps, internalHandlers);

  const stopJobs = await runJobs(database, {
    queue: 'core',
    jobs: {
      [ANNOUNCE_JOB]: announceJob(announce),
      'verify-audit': verifyAuditJob(deps, logger),
      reconcile: reconcileJob(deps, logger),
      'roll-up-usage': rollUpJob(deps),
      [DELIVER]: deliverJob(deps),
      'forget-deliveries': forgetDeliveriesJob(deps),
      'drop-usage': dropUsageJob(deps, config.usageDays),
    },
    log: logger,
  });
  const stopSweep = startSweep(deps, config.sweepSeconds, logger);
  return { app, close: [database.close, store.close, auth.close, stopSweep, stopJobs] };
}
