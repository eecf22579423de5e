import { lends, type McpMessage, type OpenedMcpProfile, scopeOf } from '@smart-ai-hub/shared/contracts';
import { lackingScopes } from '@smart-ai-hub/shared/service';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ClientSession } from '../client-sessions/client-sessions.ts';
import { clientAnswer } from '../client-sessions/questions.ts';
import type { CallContext } from '../completions/asked.ts';
import { beginSession, SESSION, sessionOf } from './door-session.ts';
import { OWN_TOOLS } from './own-tools.ts';
import { passedTools } from './passed-tools.ts';

/** What a client that answered hears (MCP 2025-11-25, transports, sending messages). */
const ACCEPTED = 202;
/** What the protocol says in headers; who calls is known, and stays here. */
const PROTOCOL_HEADER = /^(?:accept|content-type|mcp-.+)$/;

/** One message, or a few, of either era of the protocol: answered by whichever process, and forgotten. */
export async function serveMcp(
  ctx: CallContext,
  message: McpMessage,
  profile?: OpenedMcpProfile,
): Promise<void> {
  refuseUnlent(ctx, message, profile);
  const { request, reply } = ctx.http;
  const session = await sessionOf(ctx, message);
  if (session && (await takeAnswer(ctx, session, message))) return;
  const gone = new AbortController();
  const ended = session && ctx.runningCalls.begin(session.id, message, gone);
  reply.raw.once('close', () => {
    ended?.();
    gone.abort();
  });
  if (session) for (const one of [message].flat()) await ctx.runningCalls.hear(session.id, one);
  // the library takes memory that hubs without tools never need
  const { answerMessage } = await import('./answer-message.ts');
  const asked = new Request('http://hub/mcp', {
    method: 'POST',
    headers: protocolHeaders(request),
    signal: gone.signal,
  });
  const answered = await answerMessage(ctx, asked, { message, profile, session });
  const begun = answered.ok ? await beginSession(ctx, message) : undefined;
  if (begun !== undefined) reply.header(SESSION, begun);
  if (isStream(answered) && (await listens(ctx, { message, profile, signal: gone.signal }))) {
    await answered.body?.cancel(); // the library’s own, which takes nothing
    return;
  }
  await reply.send(answered);
}

/** True for a message that was an answer to what the hub asked. */
async function takeAnswer(
  { questions, http: { reply } }: CallContext,
  { id }: ClientSession,
  message: McpMessage,
): Promise<boolean> {
  const { data: answer } = clientAnswer.safeParse(message);
  if (!answer) return false;
  await questions.take(id, answer);
  await reply.code(ACCEPTED).send();
  return true;
}

const isStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') ?? false;

interface Listening {
  message: McpMessage;
  profile: OpenedMcpProfile | undefined;
  signal: AbortSignal;
}

/** True where the answer is a stream of news, which has begun. */
async function listens(ctx: CallContext, { message, profile, signal }: Listening): Promise<boolean> {
  if (!profile || Array.isArray(message) || message['method'] !== 'subscriptions/listen') return false;
  const { listenToMessage } = await import('../news/listen-to-message.ts');
  return listenToMessage(ctx, { message, profile }, signal);
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
