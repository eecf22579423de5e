import { once } from 'node:events';
import { SOCKET_PROTOCOL } from '@smart-ai-hub/shared/contracts';
import { expect } from 'vitest';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import { z } from 'zod';

/** A message of the hub, as loosely as a client reads it. */
const heardMessage = z.looseObject({
  id: z.string().nullable(),
  type: z.string(),
  data: z.looseObject({ text: z.string().optional() }).optional(),
  usage: z.record(z.string(), z.number()).optional(),
  error: z
    .looseObject({ code: z.string(), message: z.string(), retryAfter: z.number().optional() })
    .optional(),
});
export type Heard = z.output<typeof heardMessage>;

/** A client's own messages come as one buffer each. */
export const heardIn = (data: RawData): Heard =>
  heardMessage.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString() : ''));

/** A client at the door `/ws`, and all that it has heard. */
export async function connect(url: string, token: string, options: ClientOptions = {}) {
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, SOCKET_PROTOCOL, { headers, ...options });
  const heard: Heard[] = [];
  socket.on('message', (data) => {
    heard.push(heardIn(data));
  });
  const closed = new Promise<[number, string]>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve([code, String(reason)]);
    });
  });
  await once(socket, 'open');
  const about = (id: string | null) => heard.filter((one) => one.id === id);
  return {
    socket,
    heard,
    about,
    /** The code and the reason of its end. */
    closed,
    say: (message: object | string) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    /** The last message about a call, once it is there. */
    endOf: async (id: string | null): Promise<Heard> => {
      const ends = () => about(id).filter(({ type }) => type !== 'chunk');
      await expect.poll(ends, { timeout: 10_000 }).not.toEqual([]);
      const [end] = ends();
      if (!end) throw new Error('it ended a moment ago');
      return end;
    },
    [Symbol.asyncDispose]: async () => {
      socket.terminate();
      await closed;
    },
  };
}

export const chat = {
  type: 'chat',
  model: 'm',
  messages: [{ role: 'user', content: 'hello world' }],
  maxTokens: 50,
};

/** The text of its chunks. */
export const textOf = (heard: Heard[]) => heard.map(({ data }) => data?.text ?? '').join('');
