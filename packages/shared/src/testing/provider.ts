import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** One request as the vendor got it. */
export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** Resolves when the caller cut the connection before the answer was complete. */
  aborted: Promise<void>;
}

export type Answer = (response: ServerResponse, asked: Asked) => void | Promise<void>;

export interface FakeProvider extends AsyncDisposable {
  /** For `baseUrl` of a provider's configuration. */
  url: string;
  asked: Asked[];
  /** How the next requests are answered; the last one given stays. */
  answerWith: (...answers: Answer[]) => void;
  close: () => Promise<void>;
}

const BASE = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'gpt-4o-mini' };
export const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** An AI vendor in OpenAI's documented format on a loopback port, with the faults that vendors have. */
export async function fakeProvider(): Promise<FakeProvider> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let answers: Answer[] = [plain()];
  const server = createServer((request, response) => void respond(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse((await text(request)) || '{}'));
    const aborted = once(response, 'close').then(() =>
      response.writableFinished ? new Promise<void>(() => undefined) : undefined,
    );
    const entry = { path: request.url ?? '', headers: request.headers, body, aborted };
    asked.push(entry);
    const [answer, ...rest] = answers;
    if (rest.length > 0) answers = rest;
    await answer?.(response, entry);
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    answerWith: (...next) => {
      answers = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A whole answer, plain or streamed as it was asked for. */
export const plain =
  (content = 'Hello from the vendor.', usage: object | null = USAGE): Answer =>
  async (response, { body }) => {
    if (body['stream'] === true) {
      await streamed(content.match(/\s*\S+/g) ?? [], usage)(response, {
        path: '',
        headers: {},
        body,
        aborted: Promise.resolve(),
      });
      return;
    }
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...BASE, object: 'chat.completion', choices, ...(usage && { usage }) }));
  };

/** The models that it says it has: https://platform.openai.com/docs/api-reference/models/list. */
export const listed =
  (...ids: string[]): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) }));
  };

/** Events of a stream, one a word, then the reason, the usage and the end. */
export const streamed =
  (words: readonly string[], usage: object | null = USAGE): Answer =>
  (response) => {
    startStream(response);
    for (const word of words) response.write(textEvent(word));
    response.write(finishEvent());
    if (usage) response.write(usageEvent(usage));
    response.end('data: [DONE]\n\n');
  };

/** An error in the vendor's shape. */
export const refuse =
  (status: number, message = 'The vendor refused.', headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(
      JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
    );
  };

/** The connection ends without a word. */
export const hangUp: Answer = (response) => {
  response.destroy();
};

/** Nothing ever comes. */
export const silence: Answer = () => undefined;

/** Something that is no completion. */
export const garbage =
  (text = '<html>It works!</html>'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(text);
  };

export const startStream = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
};

const chunk = (choices: object[], rest: object = {}) =>
  `data: ${JSON.stringify({ ...BASE, object: 'chat.completion.chunk', choices, ...rest })}\n\n`;

export const textEvent = (content: string): string =>
  chunk([{ index: 0, delta: { content }, finish_reason: null }]);
export const finishEvent = (): string => chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
export const usageEvent = (usage: object = USAGE): string => chunk([], { usage });
