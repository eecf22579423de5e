import { ProtocolError, ProtocolErrorCode, type Request, type Result } from '@modelcontextprotocol/server';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { type ClientSession, LONGEST_URI, SUBSCRIPTIONS } from '../client-sessions/client-sessions.ts';
import type { CallContext } from '../completions/asked.ts';
import { asWords } from '../mcp/pass-content.ts';
import type { KeptUpstream } from '../upstreams/kept-upstreams.ts';

const SUBSCRIBE = 'resources/subscribe';
const UNSUBSCRIBE = 'resources/unsubscribe';

/** True for what a client of 2025 says of news that it wants, or wants no more. */
export const asksNews = (method: unknown): boolean => method === SUBSCRIBE || method === UNSUBSCRIBE;

const asked = z.looseObject({ uri: z.string().min(1).max(LONGEST_URI) });

interface Changing {
  ctx: CallContext;
  kept: KeptUpstream;
  request: Request;
  session: ClientSession | undefined;
  signal: AbortSignal;
}

/**
 * Keeps with the session what its client wants to hear of (MCP 2025-11-25, resources, subscriptions), once the server has
 * taken it. Resolves when the stream of the session, in whichever process, tells of it.
 */
export const changeSubscription = (changing: Changing): Promise<Result> =>
  asWords(changing, changing.request.method, async () => {
    const { session, request } = changing;
    const { data } = asked.safeParse(request.params);
    if (!data)
      throw new DomainError('invalid-request', { detail: `params.uri has 1 to ${LONGEST_URI} characters` });
    if (!session)
      throw new DomainError('invalid-request', { detail: 'without a session nobody can be told' });
    const { uri } = data;
    if (request.method === SUBSCRIBE) await subscribe(changing, session, uri);
    else await keep(changing, session, (before) => before.filter((one) => one !== uri));
    return {};
  });

async function subscribe(changing: Changing, session: ClientSession, uri: string): Promise<void> {
  const { ctx, kept, signal } = changing;
  const { userId } = ctx.actor;
  const { resources } = await kept.upstream.capabilities(userId, signal);
  if (!resources?.subscribe)
    throw new ProtocolError(
      ProtocolErrorCode.MethodNotFound,
      'Its server does not tell when resources change',
    );
  requireRoom(session.subscriptions, uri);
  const { taken, leave } = kept.upstream.subscribe(userId, uri, { onNews: () => undefined });
  try {
    await taken;
    await keep(changing, session, (before) => {
      requireRoom(before, uri);
      return [...before.filter((one) => one !== uri), uri];
    });
  } finally {
    void leave(); // the stream of the session has its own
  }
}

function requireRoom(before: readonly string[], uri: string): void {
  if (before.length < SUBSCRIPTIONS || before.includes(uri)) return;
  throw new DomainError('rate-limited', { detail: `a session has at most ${SUBSCRIPTIONS} subscriptions` });
}

async function keep(
  { ctx: { actor, clientSessions, newsStreams } }: Changing,
  { id, door }: ClientSession,
  how: (before: string[]) => string[],
): Promise<void> {
  const after = await clientSessions.amend(actor, { id, door }, ({ subscriptions }) => ({
    subscriptions: how(subscriptions),
  }));
  if (!after) throw new DomainError('not-found', { detail: 'this session is over: begin another' });
  await newsStreams.changed(id, after.stream !== undefined);
}
