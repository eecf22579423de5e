import type { mcpServersContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { approveTools } from './approve-tools.ts';
import { createServer } from './create-server.ts';
import { deleteServer } from './delete-server.ts';
import { listServers } from './list-servers.ts';
import { listTools } from './list-tools.ts';
import { updateServer } from './update-server.ts';
import { updateTools } from './update-tools.ts';

export const mcpServerHandlers: Handlers<typeof mcpServersContract, CoreDeps> = {
  listMcpServers: (ctx) => listServers(ctx),
  createMcpServer: (ctx, { body }) => createServer(ctx, body),
  updateMcpServer: (ctx, { params, body }) => updateServer(ctx, params.serverId, body),
  deleteMcpServer: (ctx, { params }) => deleteServer(ctx, params.serverId),
  listMcpTools: (ctx, { params }) => listTools(ctx, params.serverId),
  approveMcpTools: (ctx, { params, body }) => approveTools(ctx, params.serverId, body),
  updateMcpTools: (ctx, { params, body }) => updateTools(ctx, params.serverId, body),
};
