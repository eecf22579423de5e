import { DomainError, type mcpContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { endSession } from './door-session.ts';
import { serveMcp } from './serve-mcp.ts';

export const mcpHandlers: Handlers<typeof mcpContract, McpDeps> = {
  callMcp: async (ctx, { body }) => {
    await serveMcp(ctx, body);
    return ctx.http.reply;
  },
  callMcpProfile: async (ctx, { params, body }) => {
    const profile = ctx.upstreams.profile(params.profile);
    if (!profile) throw new DomainError('not-found');
    await serveMcp(ctx, body, profile);
    return ctx.http.reply;
  },
  endMcpSession: (ctx) => endSession(ctx),
  endMcpProfileSession: (ctx) => endSession(ctx),
};
