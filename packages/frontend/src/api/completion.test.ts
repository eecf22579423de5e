import { describe, expect, it } from 'vitest';
import { eventStream, fakeServer, json, type Answer } from '../testing/fake-server.ts';
import { createStreamCompletion, type CompletionEvent } from './completion.ts';
import { createExchange } from './exchange.ts';
import { HubUnreachable } from './hub-error.ts';

const PATH = 'POST /v1/chat/completions';
const text = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const USED = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } };

function completionOf(answer: Answer) {
  const server = fakeServer({ [PATH]: answer });
  const stream = createStreamCompletion(createExchange(server.fetch));
  const request = {
    model: 'hub/echo',
    messages: [{ role: 'user', content: 'Hi' } as const],
    signal: new AbortController().signal,
  };
  return { server, events: stream(request) };
}

async function all(events: AsyncGenerator<CompletionEvent>, seen: CompletionEvent[] = []) {
  for await (const event of events) seen.push(event);
  return seen;
}

describe('a streamed completion', () => {
  it('gives request id, text and tokens', async () => {
    const { server, events } = completionOf(() => eventStream(text('Hel'), text('lo'), USED, '[DONE]'));
    expect(await all(events)).toEqual([
      { type: 'opened', requestId: 'request-1' },
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'tokens', tokens: { tokensIn: 3, tokensOut: 5 } },
    ]);
    expect(server.seen[0]?.body).toEqual({
      model: 'hub/echo',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('skips chunks without text', async () => {
    const role = { choices: [{ delta: { role: 'assistant', content: null } }] };
    const { events } = completionOf(() =>
      eventStream(role, { choices: [{ finish_reason: 'stop' }] }, '[DONE]'),
    );
    expect(await all(events)).toHaveLength(1);
  });

  it('that is refused rejects with our code out of the OpenAI shape', async () => {
    const error = { message: 'needs 2, has 1', type: 'x', code: 'insufficient-credits', param: null };
    const { events } = completionOf(() => json({ error }, 402));
    await expect(all(events)).rejects.toMatchObject({
      code: 'insufficient-credits',
      detail: 'needs 2, has 1',
      requestId: 'request-1',
    });
  });

  it('with a code that is not ours is unavailable', async () => {
    const { events } = completionOf(() => json({ error: { message: 'x', code: 'weird' } }, 500));
    await expect(all(events)).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  it('that fails on its way keeps what came before', async () => {
    const error = { message: 'gone', code: 'provider-failed' };
    const { events } = completionOf(() => eventStream(text('Hel'), { error }));
    const seen: CompletionEvent[] = [];
    await expect(all(events, seen)).rejects.toMatchObject({ code: 'provider-failed' });
    expect(seen.at(-1)).toEqual({ type: 'text', text: 'Hel' });
  });

  it.each([
    ['ends without its last word', () => eventStream(text('Hel')), 'service-failed'],
    ['has no body', () => new Response(null), 'service-failed'],
    ['is not made of chunks', () => eventStream('{nonsense'), 'service-unavailable'],
  ])('that %s is a failure', async (_, answer, code) => {
    await expect(all(completionOf(answer).events)).rejects.toMatchObject({ code });
  });

  it('whose line breaks is unreachable, with the request id', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('reset')) });
    const { events } = completionOf(() => new Response(body, { headers: { 'x-request-id': 'request-1' } }));
    const failure = all(events);
    await expect(failure).rejects.toBeInstanceOf(HubUnreachable);
    await expect(failure).rejects.toMatchObject({ requestId: 'request-1' });
  });

  it('that is stopped stays an abort', async () => {
    const stopped = new DOMException('stopped', 'AbortError');
    const body = new ReadableStream({ start: (controller) => controller.error(stopped) });
    await expect(all(completionOf(() => new Response(body)).events)).rejects.toBe(stopped);
  });
});
