import { DomainError, type McpMessage } from '@smart-ai-hub/shared/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { clientCapabilities, type ClientSession, type Named } from '../client-sessions/client-sessions.ts';
import type { CallContext } from '../completions/asked.ts';

/** The header that names a session (MCP 2025-11-25, session management). */
export const SESSION = 'mcp-session-id';

/** What a client says of itself when it begins. */
const initialize = z.object({
  method: z.literal('initialize'),
  params: z.object({ capabilities: clientCapabilities }),
});
const isBeginning = (message: McpMessage): boolean => initialize.safeParse(message).success;

/** The session that a client of 2025 goes on with; rejects with `not-found` where it is over: it begins another. */
export async function sessionOf(
  { clientSessions, actor, http: { request } }: CallContext,
  message: McpMessage,
): Promise<ClientSession | undefined> {
  const named = namedSession(request);
  if (!named || isBeginning(message)) return undefined;
  const session = await clientSessions.find(actor, named);
  if (session) return session;
  throw over();
}

/** The session that a request without a message is about; rejects where it names none that goes on. */
export async function requireSession(ctx: CallContext): Promise<{ session: ClientSession; named: Named }> {
  const { clientSessions, actor, http } = ctx;
  const named = namedSession(http.request);
  if (!named) throw new DomainError('invalid-request', { detail: `${SESSION} is missing` });
  const session = await clientSessions.find(actor, named);
  if (!session) throw over();
  return { session, named };
}

const over = () => new DomainError('not-found', { detail: 'this session is over: begin another' });

/** Nothing for messages that begin none, and where none can be kept: much can be done without. */
export async function beginSession(
  { clientSessions, actor, logger, http: { request } }: CallContext,
  message: McpMessage,
): Promise<string | undefined> {
  const { data } = initialize.safeParse(message);
  if (!data) return undefined;
  const { capabilities } = data.params;
  return clientSessions.begin(actor, { door: doorOf(request), capabilities }).catch((error: unknown) => {
    logger.warn('a session could not be begun', { error });
    return undefined;
  });
}

/** Ends the session that a client names; rejects with `not-found` where there is none of theirs. */
export async function endSession({
  clientSessions,
  questions,
  newsStreams,
  actor,
  http: { request },
}: CallContext): Promise<void> {
  const named = namedSession(request);
  if (!named) throw new DomainError('invalid-request', { detail: `${SESSION} is missing` });
  if (!(await clientSessions.end(actor, named))) throw new DomainError('not-found');
  await questions.end(named.id);
  await newsStreams.changed(named.id);
}

const doorOf = ({ url }: FastifyRequest): string => url.split('?', 1).join('');
function namedSession(request: FastifyRequest): Named | undefined {
  const id = request.headers[SESSION];
  return typeof id === 'string' ? { id, door: doorOf(request) } : undefined;
}
