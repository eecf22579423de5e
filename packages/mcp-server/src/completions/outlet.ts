import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Bill } from '../metering/meter.ts';
import { eventSink, type EventSink } from './event-sink.ts';

/** Says once that the caller went away before the answer was complete, at once where they have; answers how to hear no more. */
export type OnLeft = (tell: () => void) => () => void;

/** Where the answer of a call goes, in the format of whoever asked. */
export interface Outlet {
  onLeft: OnLeft;
  /** What the call is charged, before its answer ends; not called where it costs nothing. */
  billed?: (bill: Bill) => void;
  /** A whole answer. */
  whole: (text: string) => Promise<void>;
  /** What a vendor says of the caller's own mistake. */
  refusal: (status: number, text: string) => Promise<void>;
  /** The events of a stream. */
  events: () => EventSink;
  /** A header of the answer, where it has any; to be told before anything else. */
  note?: (name: string, value: string) => void;
}

/** The answer of this request. */
export function httpOutlet(reply: FastifyReply): Outlet {
  const json = () => reply.type('application/json; charset=utf-8');
  return {
    onLeft: onClosed(reply.raw),
    whole: async (text) => {
      await json().send(text);
    },
    refusal: async (status, text) => {
      await json().code(status).send(text);
    },
    events: () => eventSink(reply),
    note: (name, value) => {
      reply.header(name, value);
    },
  };
}

/** A caller who leaves by ending the call that this one is part of. */
export const onAborted =
  (signal: AbortSignal): OnLeft =>
  (tell) => {
    signal.addEventListener('abort', tell, { once: true });
    if (signal.aborted) tell();
    return () => {
      signal.removeEventListener('abort', tell);
    };
  };

/** A caller over HTTP leaves by closing what the answer goes to. */
export const onClosed =
  (response: ServerResponse): OnLeft =>
  (tell) => {
    const onClose = () => {
      if (!response.writableEnded) tell();
    };
    response.once('close', onClose);
    if (response.destroyed) onClose();
    return () => response.off('close', onClose);
  };
