import {
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
} from '@modelcontextprotocol/server';
import { DomainError, type McpMessage, type OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import { VERSION } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { LONGEST_URI, SUBSCRIPTIONS } from '../client-sessions/client-sessions.ts';
import type { CallContext } from '../completions/asked.ts';
import type { KeptUpstream } from '../upstreams/kept-upstreams.ts';
import { isStillTheirs, newsServer } from './news-server.ts';

const listen = z.object({
  method: z.literal('subscriptions/listen'),
  id: z.union([z.string(), z.number()]),
  params: z.object({
    notifications: z.object({ resourceSubscriptions: z.array(z.string()).min(1) }),
    /** A client of 2025 has no such method. */
    _meta: z.looseObject({ [PROTOCOL_VERSION_META_KEY]: z.string() }),
  }),
});

/**
 * The stream that a client of today asks for (MCP 2026-07-28, `subscriptions/listen`), once the protocol’s library has found
 * nothing wrong with the message. It begins with those resources that the server took. False where there is none to
 * take: then the library’s own answer says so.
 */
export async function listenToMessage(
  ctx: CallContext,
  { message, profile }: { message: McpMessage; profile: OpenedMcpProfile },
  signal: AbortSignal,
): Promise<boolean> {
  const { data: asked } = listen.safeParse(message);
  const kept = asked && (await newsServer(ctx, profile, signal));
  if (!kept) return false;
  const wanted = [...new Set(asked.params.notifications.resourceSubscriptions)];
  if (wanted.length > SUBSCRIPTIONS || wanted.some(({ length }) => length > LONGEST_URI))
    throw new DomainError('invalid-request', {
      detail: `at most ${SUBSCRIPTIONS} resources, of ${LONGEST_URI} characters, are listened to at once`,
    });
  ctx.newsStreams.requireRoom(ctx.actor.userId);
  const tried = await tryAll(ctx, kept, wanted);
  try {
    const { taken } = tried;
    return taken.length > 0 && (await openStream({ ctx, kept, profile: profile.name, id: asked.id, taken }));
  } finally {
    tried.leave(); // the stream has its own
  }
}

async function tryAll({ actor }: CallContext, { upstream }: KeptUpstream, uris: string[]) {
  const tries = uris.map((uri) => upstream.subscribe(actor.userId, uri, { onNews: () => undefined }));
  const outcomes = await Promise.allSettled(tries.map(({ taken }) => taken));
  return {
    taken: uris.filter((_uri, index) => outcomes[index]?.status === 'fulfilled'),
    leave: () => {
      for (const { leave } of tries) void leave();
    },
  };
}

interface Streaming {
  ctx: CallContext;
  kept: KeptUpstream;
  profile: string;
  id: string | number;
  taken: string[];
}

async function openStream({ ctx, kept, profile, id, taken }: Streaming): Promise<true> {
  const mark = { [SUBSCRIPTION_ID_META_KEY]: id };
  const serverInfo = { name: 'smart-ai-hub', version: VERSION };
  const stream = ctx.newsStreams.open(ctx, {
    look: (now) => Promise.resolve(isStillTheirs(ctx, now, { kept, profile }) ? taken : undefined),
    subscribe: (uri, listener) => kept.upstream.subscribe(ctx.actor.userId, uri, listener),
    newsOf: ({ _meta: meta, ...params }) => ({
      method: 'notifications/resources/updated',
      params: { ...params, _meta: { ...objectOf(meta), ...mark } },
    }),
    farewell: {
      id,
      result: { resultType: 'complete', _meta: { ...mark, [SERVER_INFO_META_KEY]: serverInfo } },
    },
  });
  const goesOn = await stream.look(true);
  if (!goesOn) throw new DomainError('forbidden', { detail: 'nothing may be heard here any more' });
  const acknowledged = {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: { notifications: { resourceSubscriptions: taken }, _meta: mark },
  };
  stream.begin(`event: message\ndata: ${JSON.stringify(acknowledged)}\n\n`);
  return true;
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
