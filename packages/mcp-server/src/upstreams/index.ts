import type { mcpUpstreamsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { checkServer } from './check-server.ts';
import { listHealth } from './list-health.ts';
import { refreshServer } from './refresh-server.ts';

export const upstreamHandlers: Handlers<typeof mcpUpstreamsContract, McpDeps> = {
  checkMcpServer: (ctx, { body }) => checkServer(ctx, body),
  refreshMcpServer: async (ctx, { params }) => ({ items: await refreshServer(ctx, params.serverId) }),
  listMcpServerHealth: (ctx) => listHealth(ctx),
};
