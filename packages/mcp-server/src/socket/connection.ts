import type { Socket } from 'node:net';
import { DomainError, type SocketCall } from '@smart-ai-hub/shared/contracts';
import { socketError } from '@smart-ai-hub/shared/service';
import type { RawData, WebSocket } from 'ws';
import { openHeartbeat } from './heartbeat.ts';
import { type Line, openLine } from './line.ts';
import { type Misread, readMessage } from './read-message.ts';
import { openSender, type Send } from './sender.ts';

/** Calls of one client that are under way. */
const AT_ONCE = 16;
/** Messages of one client that were not understood. */
const MISREADS = 100;
/** Bytes of answers that wait for a client before nothing more is read of it. */
const FULL = 1024 * 1024;

/** RFC 6455, 7.4.1. */
const CLOSE = { unsupportedData: 1003, policyViolation: 1008 } as const;

export interface ConnectionParts {
  socket: WebSocket;
  /** Below the socket. */
  transport: Socket;
  requestId: string;
  /** Serves one call to its last message. */
  answer: (call: SocketCall, line: Line, send: Send) => Promise<void>;
}

export interface Connection {
  beat: () => void;
  /** Takes no more calls, and closes once those under way have ended. */
  end: (code: number, reason: string) => void;
  /** Closes now, whatever is under way. */
  cut: () => void;
  /** Resolves when the socket is closed, and nothing of it is under way. */
  ended: Promise<void>;
}

/** One client: reads what it sends, and serves its calls side by side. */
export function openConnection({ socket, transport, requestId, answer }: ConnectionParts): Connection {
  const send = openSender(socket);
  let misreads = 0;
  let closing: { code: number; reason: string } | undefined;

  const { calls, take, leave } = openCalls(
    (call, line) => answer(call, line, send),
    () => {
      close();
    },
  );
  const close = () => {
    if (closing && calls.size === 0) socket.close(closing.code, closing.reason);
  };
  const refuse = ({ id, error }: Misread) => {
    void send({ id, type: 'error', error: socketError(error, requestId) });
  };
  const misread = ({ id, error }: Misread) => {
    misreads += 1;
    // the id of a call under way is that call's own
    refuse({ id: id !== null && calls.has(id) ? null : id, error });
    if (misreads >= MISREADS) socket.close(CLOSE.policyViolation, 'too much that makes no sense');
  };
  const receive = (text: string) => {
    const read = readMessage(text);
    if ('error' in read) {
      misread(read);
      return;
    }
    const { message } = read;
    const { id } = message;
    if (message.type === 'cancel')
      calls.get(id)?.leave(); // one that is not there has ended meanwhile
    else if (calls.has(id)) misread({ id, error: inUse(id) });
    else if (closing)
      refuse({ id, error: new DomainError('service-unavailable', { detail: closing.reason }) });
    else if (calls.size >= AT_ONCE) refuse({ id, error: tooMany() });
    else take(message);
  };

  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(CLOSE.unsupportedData, 'messages are text');
    else receive(textOf(data));
    pauseWhenFull(socket, transport);
  });
  socket.on('error', () => undefined); // its close says all that matters
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      void leave().then(resolve);
    });
  });

  return {
    beat: openHeartbeat(socket, transport),
    end: (code, reason) => {
      closing ??= { code, reason };
      close();
    },
    cut: () => {
      socket.terminate();
    },
    ended,
  };
}

/** Calls under way by id; `onEnd` is told of each that ended. */
function openCalls(answer: (call: SocketCall, line: Line) => Promise<void>, onEnd: () => void) {
  const calls = new Map<string, Line>();
  const under = new Set<Promise<void>>();
  const serve = async (call: SocketCall) => {
    const line = openLine();
    calls.set(call.id, line);
    try {
      await answer(call, line);
    } finally {
      calls.delete(call.id);
      onEnd();
    }
  };
  return {
    calls,
    take: (call: SocketCall) => {
      const taken = serve(call).finally(() => under.delete(taken));
      under.add(taken);
    },
    /** Nobody waits for them any more; resolves when they have ended. */
    leave: async () => {
      for (const line of calls.values()) line.leave();
      await Promise.allSettled(under);
    },
  };
}

/** Reads nothing more of a client who does not take its answers. */
function pauseWhenFull(socket: WebSocket, transport: Socket): void {
  if (socket.bufferedAmount <= FULL) return;
  socket.pause();
  transport.once('drain', () => {
    socket.resume();
  });
}

const inUse = (id: string) => new DomainError('invalid-request', { detail: `the id ${id} is in use` });
const tooMany = () =>
  new DomainError('rate-limited', { detail: `${AT_ONCE} calls of this socket are under way` });

/** One buffer, unless a socket was told to give something else. */
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString() : '');
