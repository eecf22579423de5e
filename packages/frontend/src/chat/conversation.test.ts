import { describe, expect, it, vi } from 'vitest';
import type { CompletionEvent, CompletionRequest } from '../api/completion.ts';
import { HubError } from '../api/hub-error.ts';
import { deferred } from '../testing/deferred.ts';
import { createConversation, type ConversationOptions } from './conversation.ts';
import { totalsOf } from './totals.ts';

const OPENED: CompletionEvent = { type: 'opened', requestId: 'request-1' };
const TOKENS: CompletionEvent = { type: 'tokens', tokens: { tokensIn: 3, tokensOut: 5 } };
const say = (text: string): CompletionEvent => ({ type: 'text', text });

/** A model that gives these events, then fails where an error is among them. */
function modelSaying(...events: (CompletionEvent | Error)[]) {
  const requests: CompletionRequest[] = [];
  async function* stream(request: CompletionRequest) {
    requests.push(request);
    for (const event of events) {
      if (event instanceof Error) throw event;
      yield event;
    }
  }
  return { stream, requests };
}

/** A model that starts to speak and then waits until it is stopped. */
async function* endless({ signal }: CompletionRequest): AsyncGenerator<CompletionEvent> {
  yield OPENED;
  yield say('Hel');
  const stopped = deferred<never>();
  const stop = () => stopped.reject(new DOMException('stopped', 'AbortError'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  await stopped.promise;
}

const SETTLED = { tokens: { tokensIn: 3, tokensOut: 6 }, micro: 9 };

function conversationWith(options: Partial<ConversationOptions>) {
  const onSettled = vi.fn();
  const conversation = createConversation({
    stream: modelSaying(OPENED, say('Hi'), TOKENS).stream,
    estimate: () => 8,
    settled: async () => SETTLED,
    onSettled,
    ...options,
  });
  return { conversation, onSettled };
}

/** Resolves as soon as the conversation looks like that. */
function until(conversation: ReturnType<typeof createConversation>, look: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => look() && resolve();
    conversation.subscribe(check);
    check();
  });
}

describe('a turn', () => {
  it('streams, estimates, and is charged in the end', async () => {
    const { conversation, onSettled } = conversationWith({});
    const seen = new Set<string>();
    conversation.subscribe(() => {
      const turn = conversation.turns()[0];
      seen.add(`${turn?.state} ${turn?.charge.state}`);
    });
    await conversation.send('hub/echo', 'Hello');
    expect([...seen]).toEqual([
      'waiting none',
      'streaming none',
      'streaming settling',
      'complete settling',
      'complete charged',
    ]);
    expect(conversation.turns()[0]).toMatchObject({
      question: 'Hello',
      answer: 'Hi',
      requestId: 'request-1',
      tokens: SETTLED.tokens,
      charge: { state: 'charged', micro: 9 },
    });
    expect(onSettled).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['comes too late', async () => undefined],
    ['cannot be fetched', () => Promise.reject(new HubError('service-unavailable', {}))],
  ])('says so when its charge %s', async (_, settled) => {
    const { conversation } = conversationWith({ settled });
    await conversation.send('hub/echo', 'Hello');
    expect(conversation.turns()[0]).toMatchObject({ state: 'complete', charge: { state: 'unknown' } });
  });

  it('that is refused shows why, and nobody looks for its charge', async () => {
    const error = new HubError('insufficient-credits', {});
    const settled = vi.fn(async () => SETTLED);
    const { conversation } = conversationWith({ stream: modelSaying(error).stream, settled });
    await conversation.send('hub/echo', 'Hello');
    expect(conversation.turns()[0]).toMatchObject({ state: 'failed', error, charge: { state: 'none' } });
    expect(settled).not.toHaveBeenCalled();
  });

  it('that breaks off keeps its text, and is charged for it', async () => {
    const error = new HubError('provider-failed', {});
    const { conversation } = conversationWith({ stream: modelSaying(OPENED, say('Hel'), error).stream });
    await conversation.send('hub/echo', 'Hello');
    expect(conversation.turns()[0]).toMatchObject({
      state: 'failed',
      answer: 'Hel',
      charge: { state: 'charged' },
    });
  });

  it('can be stopped, and is charged for what came', async () => {
    const { conversation } = conversationWith({ stream: endless });
    const sent = conversation.send('hub/echo', 'Hello');
    await until(conversation, () => conversation.turns()[0]?.answer === 'Hel');
    conversation.stop();
    await sent;
    expect(conversation.turns()[0]).toMatchObject({
      state: 'stopped',
      answer: 'Hel',
      charge: { state: 'charged' },
    });
  });
});

describe('a conversation', () => {
  it('tells the model what was said before, without what got no answer', async () => {
    const { stream, requests } = modelSaying(OPENED, say('Hi'));
    let fail = false;
    const { conversation } = conversationWith({
      stream: (request) =>
        fail ? modelSaying(new HubError('provider-failed', {})).stream(request) : stream(request),
    });
    await conversation.send('hub/echo', 'One');
    fail = true;
    await conversation.send('hub/echo', 'Two');
    fail = false;
    await conversation.send('hub/echo', 'Three');
    expect(requests.at(-1)?.messages).toEqual([
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'Three' },
    ]);
  });

  it('takes one question at a time, and no empty one', async () => {
    const { conversation } = conversationWith({ stream: endless });
    await conversation.send('hub/echo', '  ');
    const sent = conversation.send('hub/echo', 'Hello');
    await conversation.send('hub/echo', 'Again');
    expect(conversation.turns()).toHaveLength(1);
    conversation.stop();
    await sent;
  });

  it('starts over, and lets go of what was on its way', async () => {
    const { conversation } = conversationWith({ stream: endless });
    const sent = conversation.send('hub/echo', 'Hello');
    await until(conversation, () => conversation.turns()[0]?.answer === 'Hel');
    conversation.clear();
    await sent;
    expect(conversation.turns()).toEqual([]);
  });

  it('stops telling those who left', async () => {
    const { conversation } = conversationWith({});
    const listener = vi.fn();
    conversation.subscribe(listener)();
    await conversation.send('hub/echo', 'Hello');
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('totals', () => {
  it('add up tokens and charges, and estimates until then', async () => {
    const { promise, resolve } = deferred<typeof SETTLED>();
    const { conversation } = conversationWith({ settled: () => promise });
    const sent = conversation.send('hub/echo', 'Hello');
    await until(conversation, () => conversation.turns()[0]?.state === 'complete');
    expect(totalsOf(conversation.turns())).toEqual({
      tokensIn: 3,
      tokensOut: 5,
      costMicro: 8,
      settling: true,
    });
    resolve(SETTLED);
    await sent;
    expect(totalsOf(conversation.turns())).toEqual({
      tokensIn: 3,
      tokensOut: 6,
      costMicro: 9,
      settling: false,
    });
  });

  it('count nothing where nothing is known', async () => {
    const { conversation } = conversationWith({ stream: modelSaying(new HubError('forbidden', {})).stream });
    await conversation.send('hub/echo', 'Hello');
    expect(totalsOf(conversation.turns())).toEqual({
      tokensIn: 0,
      tokensOut: 0,
      costMicro: 0,
      settling: false,
    });
  });
});
