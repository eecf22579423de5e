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
  conversationsContract,
  createClient,
  creditsContract,
  internalContract,
  mcpProfilesContract,
  mcpServersContract,
  pricesContract,
  promosContract,
  providersContract,
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
import { forgetConversationsJob } from './conversations/forget-conversations.ts';
import { conversationHandlers } from './conversations/index.ts';
import { creditHandlers } from './credits/index.ts';
import { reconcileJob } from './credits/reconcile.ts';
import { expireHoldsJob, forgetHoldsJob } from './credits/sweep.ts';
import { coreInternalContract, internalHandlers } from './internal.ts';
import { mcpProfileHandlers } from './mcp-profiles/index.ts';
import { mcpServerHandlers } from './mcp-servers/index.ts';
import { priceHandlers } from './prices/index.ts';
import { promoHandlers } from './promos/index.ts';
import { providerHandlers } from './providers/index.ts';
import { usageHandlers } from './usage/index.ts';
import { dropUsageJob, makeUsagePartitions, makePartitionsJob, rollUpJob } from './usage/roll-up-usage.ts';
import { DELIVER, deliverJob, forgetDeliveriesJob } from './webhooks/deliveries.ts';
import { webhookHandlers } from './webhooks/index.ts';

/** What the one-process platform gives in place of connections. */
export interface CoreParts {
  store?: Store;
  auth?: ClosableTransport;
}

/** What is done in the queue, by name: on a clock of its own, or because a transaction asked for it. */
function jobsOf(deps: CoreDeps, { usageDays, conversationDays }: Config<typeof settings>, logger: Logger) {
  return {
    [ANNOUNCE_JOB]: announceJob(deps.announce),
    'verify-audit': verifyAuditJob(deps, logger),
    'expire-holds': expireHoldsJob(deps, logger),
    'forget-holds': forgetHoldsJob(deps),
    reconcile: reconcileJob(deps, logger),
    'roll-up-usage': rollUpJob(deps),
    [DELIVER]: deliverJob(deps),
    'forget-deliveries': forgetDeliveriesJob(deps),
    'make-usage-partitions': makePartitionsJob(deps),
    'drop-usage': dropUsageJob(deps, usageDays),
    'forget-conversations': forgetConversationsJob(deps, conversationDays),
  };
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
    localProviders: config.localProviders,
    localMcpServers: config.localMcpServers,
    stdioCommands: config.stdioCommands,
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
  bind(app, providersContract, guards, deps, providerHandlers);
  bind(app, mcpServersContract, guards, deps, mcpServerHandlers);
  bind(app, mcpProfilesContract, guards, deps, mcpProfileHandlers);
  bind(app, rolesContract, guards, deps, roleHandlers);
  bind(app, accessCheckContract, guards, deps, accessCheckHandlers);
  bind(app, auditContract, guards, deps, auditHandlers);
  bind(app, webhooksContract, guards, deps, webhookHandlers);
  bind(app, conversationsContract, guards, deps, conversationHandlers);
  bind(app, coreInternalContract, guards, deps, internalHandlers);

  await makeUsagePartitions(deps); // a hub that was off for months writes to one of them at once
  const stopJobs = await runJobs(database, {
    queue: 'core',
    jobs: jobsOf(deps, config, logger),
    log: logger,
  });
  return { app, close: [database.close, store.close, auth.close, stopJobs] };
}
