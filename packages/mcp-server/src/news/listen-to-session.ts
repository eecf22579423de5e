import { randomUUID } from 'node:crypto';
import { DomainError, type OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import { requireSession } from '../mcp/door-session.ts';
import { isStillTheirs, newsServer } from './news-server.ts';

/** What an address answers that has no stream (RFC 9110, 15.5.6). */
const ANSWERED = 'POST, DELETE';

/**
 * The stream of a session (MCP 2025-11-25, transports, listening for messages): a newer one takes the place of an older.
 * Rejects with `method-not-allowed` where there is nothing to hear.
 */
export async function listenToSession(ctx: CallContext, profile: OpenedMcpProfile): Promise<void> {
  const { actor, clientSessions, newsStreams, logger } = ctx;
  const { request, reply } = ctx.http;
  const { name } = profile;
  if (!/text\/event-stream|\*\/\*/.test(request.headers.accept ?? ''))
    throw new DomainError('invalid-request', {
      detail: 'accept: text/event-stream is what is answered here',
    });
  const { named } = await requireSession(ctx);
  const gone = new AbortController();
  reply.raw.once('close', () => {
    gone.abort();
  });
  const kept = await newsServer(ctx, profile, gone.signal);
  if (!kept) {
    void reply.header('allow', ANSWERED);
    throw new DomainError('method-not-allowed', { detail: `nobody is told of changes at ${name}` });
  }
  const stream = randomUUID();
  let isKnown = false;
  const news = newsStreams.open(ctx, {
    session: named.id,
    look: async (now) => {
      if (!isStillTheirs(ctx, now, { kept, profile: name })) return undefined;
      const session = await clientSessions.find(now, named);
      return isKnown && session?.stream !== stream ? undefined : session?.subscriptions;
    },
    subscribe: (uri, listener) => kept.upstream.subscribe(actor.userId, uri, listener),
    newsOf: (params) => ({ method: 'notifications/resources/updated', params }),
    onClose: () => {
      clientSessions
        .amend(actor, named, (session) => (session.stream === stream ? { stream: undefined } : {}))
        .catch((error: unknown) => logger.debug('the end of a stream could not be kept', { error }));
    },
  });
  try {
    await clientSessions.amend(actor, named, () => ({ stream }));
    isKnown = true;
    await newsStreams.changed(named.id); // the stream before this ends
  } catch (error) {
    news.end();
    throw error;
  }
  news.begin(': news of resources\n\n');
  await news.look().catch((error: unknown) => logger.debug('a stream could not look', { error })); // it does again
}
