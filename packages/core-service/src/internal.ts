import { internalContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import { accessOf } from './access/access-of.ts';
import { rolesOf } from './access/roles-of.ts';
import type { CoreDeps } from './context.ts';
import { forgetPeople } from './conversations/forget-conversations.ts';
import { release } from './credits/end-holds.ts';
import { openAccount } from './credits/open-account.ts';
import { reserve } from './credits/reserve.ts';
import { settle } from './credits/settle.ts';
import { openMcpServers } from './mcp-servers/open-servers.ts';
import { reportTools } from './mcp-servers/report-tools.ts';
import { listPrices } from './prices/list-prices.ts';
import { openProviders } from './providers/list-providers.ts';

/** The part of the internal contract that this service answers. */
export const coreInternalContract = {
  openAccount: internalContract.openAccount,
  accessOf: internalContract.accessOf,
  rolesOf: internalContract.rolesOf,
  forgetPeople: internalContract.forgetPeople,
  reserve: internalContract.reserve,
  settle: internalContract.settle,
  release: internalContract.release,
  prices: internalContract.prices,
  providers: internalContract.providers,
  mcpServers: internalContract.mcpServers,
  reportMcpTools: internalContract.reportMcpTools,
};

export const internalHandlers: Handlers<typeof coreInternalContract, CoreDeps> = {
  openAccount: async (ctx, { body }) => {
    await openAccount(ctx, body);
    return accessOf(ctx, body.userId);
  },
  accessOf: (ctx, { body: { userId } }) => accessOf(ctx, userId),
  rolesOf: async (ctx, { body: { userIds } }) => ({ items: await rolesOf(ctx, userIds) }),
  forgetPeople: (ctx, { body: { userIds } }) => forgetPeople(ctx, userIds),
  reserve: async (ctx, { body }) => ({ items: await reserve(ctx, body.items) }),
  settle: async (ctx, { body }) => ({ items: await settle(ctx, body.items) }),
  release: async (ctx, { body }) => ({ released: await release(ctx, body.holdIds) }),
  prices: (ctx) => listPrices(ctx),
  providers: (ctx) => openProviders(ctx),
  mcpServers: (ctx) => openMcpServers(ctx),
  reportMcpTools: async (ctx, { params, body }) => reportTools(ctx, params.serverId, body.tools),
};
