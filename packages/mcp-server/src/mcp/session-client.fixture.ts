import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { OLD, post, type Said } from './by-hand.fixture.ts';

interface Door {
  url: string;
  token: string;
  path?: string;
}

const message = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});
export type Heard = z.output<typeof message>;

/** A call under way: what is said in its stream, one message after the other. */
export interface OpenCall {
  id: string;
  answer: Promise<Response>;
  /** Rejects where the stream ends. */
  next: () => Promise<Heard>;
  leave: () => void;
}

export const ABLE = { elicitation: { form: {} }, sampling: {}, roots: {} };

/** A client of 2025, by hand, with a session of its own. */
export async function sessionClient(door: Door, capabilities: object = ABLE) {
  const who = { protocolVersion: OLD, capabilities, clientInfo: { name: 'test', version: '1' } };
  const begun = await post(door, { jsonrpc: '2.0', id: 0, method: 'initialize', params: who });
  const session = begun.headers.get('mcp-session-id') ?? '';
  const headers = { 'mcp-session-id': session, 'mcp-protocol-version': OLD };
  /** To another process, or by another credential, where one is given. */
  const say = (said: object, at: Door = door): Promise<Said> =>
    post(at, { jsonrpc: '2.0', ...said }, headers);
  const ask = (method: string, params: object = {}, at: Door = door): Promise<Said> =>
    say({ id: randomUUID(), method, params }, at);
  return {
    session,
    say,
    ask,
    answer: (id: unknown, result: object, at?: Door) => say({ id, result }, at),
    cancel: (requestId: unknown, at?: Door) =>
      say({ method: 'notifications/cancelled', params: { requestId, reason: 'not needed any more' } }, at),
    open: (method: string, params: object, at: Door = door) => openCall(at, headers, { method, params }),
    /** The stream of the session; more than is usual where `wanted` says so. */
    listen: (at: Door = door, wanted: object = {}) =>
      openStream(at, { headers: { ...headers, accept: 'text/event-stream', ...wanted } }),
    end: ({ url, token, path = '/mcp' }: Door = door) =>
      fetch(url + path, { method: 'DELETE', headers: { ...headers, authorization: `Bearer ${token}` } }),
  };
}

function openCall(door: Door, headers: Record<string, string>, asked: object): OpenCall {
  const id = randomUUID();
  const body = JSON.stringify({ jsonrpc: '2.0', id, ...asked });
  const more = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  return { id, ...openStream(door, { method: 'POST', headers: { ...headers, ...more }, body }) };
}

/** Whatever is said in an answer, one message after the other. */
export function openStream({ url, token, path = '/mcp' }: Door, init: RequestInit): Omit<OpenCall, 'id'> {
  const leaving = new AbortController();
  const answer = fetch(url + path, {
    ...init,
    headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  answer.catch(() => undefined); // whoever waits for what is said hears of it
  const said = messagesOf(answer);
  return {
    answer,
    next: async () => {
      const one = await said.next();
      if (one.done) throw new Error('the stream ended');
      return one.value;
    },
    leave: () => {
      leaving.abort();
    },
  };
}

async function* messagesOf(answer: Promise<Response>): AsyncGenerator<Heard, undefined> {
  const { body } = await answer;
  let text = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (text + part).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) yield message.parse(JSON.parse(line.slice(6)));
  }
}
