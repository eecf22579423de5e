import type { Answer } from './provider.ts';
import { startStream } from './provider.ts';

/** What an Anthropic message was charged as: 60 fresh tokens, 30 read from the cache and 10 written to it. */
export const MESSAGE_USAGE = {
  input_tokens: 60,
  cache_read_input_tokens: 30,
  cache_creation_input_tokens: 10,
  output_tokens: 20,
};

const BASE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-upstream' };

/** One event of a stream, as the vendor names it twice. */
export const messageEvent = (type: string, rest: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;

const delta = (text: string) =>
  messageEvent('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });

/** Events of a stream up to its text: https://platform.claude.com/docs/en/build-with-claude/streaming. */
export const messageStart = (): string =>
  messageEvent('message_start', {
    message: { ...BASE, content: [], stop_reason: null, usage: { ...MESSAGE_USAGE, output_tokens: 1 } },
  }) +
  messageEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
  messageEvent('ping');

export const messageText = delta;

const messageEnd = (usage: object) =>
  messageEvent('content_block_stop', { index: 0 }) +
  messageEvent('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }) +
  messageEvent('message_stop');

/** A whole message in Anthropic's documented format, plain or streamed as it was asked for. */
export const message =
  (content = 'Hello from the vendor.', usage: object = MESSAGE_USAGE): Answer =>
  (response, { body }) => {
    if (body['stream'] === true) {
      startStream(response);
      response.write(messageStart());
      for (const word of content.match(/\s*\S+/g) ?? []) response.write(delta(word));
      response.end(messageEnd(usage));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    const text = { type: 'text', text: content };
    const ended = { stop_reason: 'end_turn', stop_sequence: null };
    response.end(JSON.stringify({ ...BASE, content: [text], ...ended, usage }));
  };

/** An error in the vendor's shape: https://platform.claude.com/docs/en/api/errors. */
export const refuseMessage =
  (status: number, message = 'The vendor refused.', headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    const error = { type: 'invalid_request_error', message };
    response.end(JSON.stringify({ type: 'error', error, request_id: 'req_1' }));
  };
