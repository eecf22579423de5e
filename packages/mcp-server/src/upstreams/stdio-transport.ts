import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  type JSONRPCMessage,
  ReadBuffer,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { type ChildCommand, type ChildGroup, type ChildLimits, startChild } from './child-group.ts';
import { TooLarge } from './guarded-fetch.ts';
import { Excess } from './upstream-failure.ts';

export interface StdioLimits extends ChildLimits {
  /** Bytes of one message. */
  message: number;
}

/** Bytes that a child may say of its own accord, before it is asked for anything. */
const UNASKED = 1_048_576;

export interface StdioTransport extends Transport {
  /** By this and the next the library knows that it talks to a child, which may well not answer a first question. */
  readonly stderr: null;
  readonly pid: number | null;
  /** Why the hub ended the child, where it did. */
  failure: () => Error | undefined;
  /** When it last said anything, in `performance.now()`. */
  heardAt: () => number;
}

/**
 * The protocol over the standard input and output of a child (MCP, transports, stdio). Whatever the child does, it
 * costs no more than its limits: each thing that it is asked lets it say one message more, on either of its outputs.
 */
export function stdioTransport(command: ChildCommand, limits: StdioLimits): StdioTransport {
  let group: ChildGroup | undefined;
  let failure: Error | undefined;
  let isClosed = false;
  let credit = UNASKED + limits.message;
  let heardAt = 0;

  const close = async () => {
    if (isClosed) return;
    isClosed = true;
    await group?.end();
    transport.onclose?.();
  };
  const giveUp = (reason: Error) => {
    if (isClosed) return;
    failure = reason;
    transport.onerror?.(reason);
    void close();
  };
  const spend = (bytes: number) => {
    credit -= bytes;
    if (credit < 0) giveUp(new Excess('it said more than it was asked for'));
  };
  const lines = readLines(limits.message, {
    onMessage: (message) => transport.onmessage?.(message),
    onTooLarge: giveUp,
    isOver: () => isClosed,
  });
  const ears: Ears = {
    hear: (chunk) => {
      heardAt = performance.now();
      spend(chunk.length);
      lines(chunk);
    },
    complain: ({ length }) => spend(length),
    gone: () => void close(),
    onError: giveUp,
  };

  const transport: StdioTransport = {
    stderr: null,
    get pid() {
      return group?.child.pid ?? null;
    },
    start: async () => {
      group = await startChild(command, limits, (what) => giveUp(new Excess(what)));
      listenTo(group.child, ears);
    },
    send: async (message) => {
      if (!group || isClosed) throw new Error('it is not there any more');
      if ('method' in message && 'id' in message) credit += limits.message;
      // a child that reads nothing is cut off by the time limit of what it is asked
      group.child.stdin.write(serializeMessage(message));
      await Promise.resolve();
    },
    close: () => close(),
    failure: () => failure,
    heardAt: () => heardAt,
  };
  return transport;
}

interface Reader {
  onMessage: (message: JSONRPCMessage) => void;
  onTooLarge: (reason: Error) => void;
  isOver: () => boolean;
}

/** Reads messages line by line; lines that are none are passed over, as the protocol's own library does. */
function readLines(limit: number, { onMessage, onTooLarge, isOver }: Reader): (chunk: Buffer) => void {
  const buffer = new ReadBuffer({ maxBufferSize: limit });
  const next = (): JSONRPCMessage | null => {
    for (;;) {
      try {
        return isOver() ? null : buffer.readMessage();
      } catch {
        continue; // JSON, and no message
      }
    }
  };
  return (chunk) => {
    if (isOver()) return;
    try {
      buffer.append(chunk);
    } catch {
      onTooLarge(new TooLarge(limit));
    }
    for (let message = next(); message; message = next()) onMessage(message);
  };
}

interface Ears {
  hear: (chunk: Buffer) => void;
  complain: (chunk: Buffer) => void;
  gone: () => void;
  onError: (reason: Error) => void;
}

function listenTo(child: ChildProcessWithoutNullStreams, { hear, complain, gone, onError }: Ears): void {
  child.stdout.on('data', hear);
  child.stderr.on('data', complain);
  child.once('exit', gone);
  for (const stream of [child.stdin, child.stdout, child.stderr])
    stream.on('error', () => {
      onError(new Error('it broke off'));
    });
}
