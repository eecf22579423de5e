import { DomainError, type mcpContract, type OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { listenToSession } from '../news/listen-to-session.ts';
import { endSession } from './door-session.ts';
import { serveMcp } from './serve-mcp.ts';

export const mcpHandlers: Handlers<typeof mcpContract, McpDeps> = {
  callMcp: async (ctx, { body }) => {
    await serveMcp(ctx, body);
    return ctx.http.reply;
  },
  callMcpProfile: async (ctx, { params, body }) => {
    await serveMcp(ctx, body, profileOf(ctx, params));
    return ctx.http.reply;
  },
  listenMcpProfile: async (ctx, { params }) => {
    await listenToSession(ctx, profileOf(ctx, params));
    return ctx.http.reply;
  },
  endMcpSession: (ctx) => endSession(ctx),
  endMcpProfileSession: (ctx) => endSession(ctx),
};

function profileOf({ upstreams }: McpDeps, { profile: name }: { profile: string }): OpenedMcpProfile {
  const profile = upstreams.profile(name);
  if (!profile) throw new DomainError('not-found');
  return profile;
}
