import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A promise and its end, for two sides that wait for each other. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The parts of an answer as they arrive. */
export async function* partsOf({ body }: Response): AsyncGenerator<string> {
  if (body) yield* body.pipeThrough(new TextDecoderStream());
}

/** The answer to a request that the test writes piece by piece. */
export const answerTo = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });

/** Everything that a stream still has to say. */
export async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

export interface Switched {
  socket: Socket;
  /** What came behind the answer already. */
  head: Buffer;
}

const OFFER = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Offers to switch to WebSocket; the socket where that is agreed to, the refusal where it is not. */
export const handshake = (
  url: string,
  headers: Record<string, string> = {},
): Promise<Switched | IncomingMessage> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers: { ...OFFER, ...headers }, agent: false });
    asked.once('upgrade', (_answer, socket, head) => {
      resolve({ socket, head });
    });
    asked.once('response', resolve);
    asked.once('error', reject);
    asked.end();
  });

export const isSwitched = (answer: Switched | IncomingMessage): answer is Switched => 'head' in answer;

/** What comes back until the other side ends, for bytes that no client would send. */
export async function exchangeBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return textOf(socket);
}
