import { once } from 'node:events';
import type { FastifyReply } from 'fastify';

/** Where a stream of events goes. It begins with the first of them: until then an error can still have a status. */
export interface EventSink {
  /** A function and no accessor: docs/decisions/0034. */
  hasBegun: () => boolean;
  /** Resolves when there is room for more: a slow reader slows its writer down. */
  write: (text: string) => Promise<void>;
  end: () => void;
}

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no', // nginx passes each event on at once
};

/** Server-sent events to the caller of this request; nothing is written to one who went away. */
export function eventSink(reply: FastifyReply): EventSink {
  const { raw } = reply;
  let begun = false;
  const begin = () => {
    begun = true;
    reply.hijack();
    raw.writeHead(200, Object.assign(definedHeaders(reply), EVENT_STREAM));
  };
  return {
    hasBegun: () => begun,
    write: async (text) => {
      if (!begun) begin();
      if (raw.destroyed || raw.write(text)) return;
      const waiting = new AbortController();
      const { signal } = waiting;
      await Promise.race([once(raw, 'drain', { signal }), once(raw, 'close', { signal })]);
      waiting.abort();
    },
    end: () => {
      if (begun) raw.end();
    },
  };
}

const definedHeaders = (reply: FastifyReply) =>
  Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined));
