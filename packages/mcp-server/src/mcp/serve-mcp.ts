import { lends, type McpMessage, type OpenedMcpProfile, scopeOf } from '@smart-ai-hub/shared/contracts';
import { lackingScopes } from '@smart-ai-hub/shared/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import { OWN_TOOLS } from './own-tools.ts';
import { passedTools } from './passed-tools.ts';

/** What the protocol says in headers; who calls is known, and stays here. */
const PROTOCOL_HEADER = /^(?:accept|content-type|mcp-.+)$/;

/** One message, or a few, of either era of the protocol: answered without a session, and forgotten. */
export async function serveMcp(
  ctx: CallContext,
  message: McpMessage,
  profile?: OpenedMcpProfile,
): Promise<void> {
  refuseUnlent(ctx, message, profile);
  const { request, reply } = ctx.http;
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  // the library takes memory that hubs without tools never need
  const { answerMessage } = await import('./answer-message.ts');
  const asked = new Request('http://hub/mcp', {
    method: 'POST',
    headers: protocolHeaders(request),
    signal: gone.signal,
  });
  await reply.send(await answerMessage(ctx, asked, message, profile));
}

const protocolHeaders = ({ headers }: FastifyRequest) =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    PROTOCOL_HEADER.test(name) && value !== undefined ? [[name, String(value)]] : [],
  );

const toolCall = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) });

/** A client whose token is too narrow for a tool hears which scopes to ask its person for (RFC 6750, 3.1). */
function refuseUnlent(
  { actor: { resource, grants }, upstreams }: CallContext,
  message: McpMessage,
  profile: OpenedMcpProfile | undefined,
): void {
  if (!resource) return;
  const passed = passedTools(upstreams, profile).map(({ name, tool: { permission } }) => ({
    name,
    permission,
  }));
  const tools = profile ? passed : [...OWN_TOOLS, ...passed];
  for (const one of [message].flat()) {
    const name = toolCall.safeParse(one).data?.params.name;
    const permission = tools.find((tool) => tool.name === name)?.permission;
    if (permission && lends(resource, permission) && scopeOf(grants, permission) === undefined)
      throw lackingScopes('tools:use', permission);
  }
}
