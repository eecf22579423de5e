import type { ConversationMessage, NewMessage } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it, vi } from 'vitest';
import type { CompletionEvent, CompletionRequest } from '../api/completion.ts';
import { HubError } from '../api/hub-error.ts';
import { deferred } from '../testing/deferred.ts';
import { samplePrice } from '../testing/samples.ts';
import { createConversation, type ConversationOptions } from './conversation.ts';
import { createKeeper, keepable, titleOf } from './keeper.ts';
import { priceAhead } from './price-ahead.ts';
import { totalsOf } from './totals.ts';
import { newestOf, turnsOf } from './turn.ts';

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

const ASKING = { model: 'hub/echo', system: '', temperature: null, maxTokens: null };

const SETTLED = { tokens: { tokensIn: 3, tokensOut: 6 }, micro: 9 };

function conversationWith(options: Partial<ConversationOptions>) {
  const onSettled = vi.fn(async () => undefined);
  const written: { after: string | null; messages: readonly NewMessage[] }[] = [];
  let ids = 0;
  const conversation = createConversation({
    keeper: {
      id: () => 'c1',
      write: (after, messages) => {
        written.push({ after, messages });
        return Promise.resolve(messages.map(() => `m${++ids}`));
      },
    },
    stream: modelSaying(OPENED, say('Hi'), TOKENS).stream,
    estimate: () => 8,
    settled: async () => SETTLED,
    onSettled,
    ...options,
  });
  return { conversation, onSettled, written };
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
    await conversation.send('Hello', ASKING);
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
    await conversation.send('Hello', ASKING);
    expect(conversation.turns()[0]).toMatchObject({ state: 'complete', charge: { state: 'unknown' } });
  });

  it('that is refused shows why, and nobody looks for its charge', async () => {
    const error = new HubError('insufficient-credits', {});
    const settled = vi.fn(async () => SETTLED);
    const { conversation } = conversationWith({ stream: modelSaying(error).stream, settled });
    await conversation.send('Hello', ASKING);
    expect(conversation.turns()[0]).toMatchObject({ state: 'failed', error, charge: { state: 'none' } });
    expect(settled).not.toHaveBeenCalled();
  });

  it('that breaks off keeps its text, and is charged for it', async () => {
    const error = new HubError('provider-failed', {});
    const { conversation } = conversationWith({ stream: modelSaying(OPENED, say('Hel'), error).stream });
    await conversation.send('Hello', ASKING);
    expect(conversation.turns()[0]).toMatchObject({
      state: 'failed',
      answer: 'Hel',
      charge: { state: 'charged' },
    });
  });

  it('can be stopped, and is charged for what came', async () => {
    const { conversation } = conversationWith({ stream: endless });
    const sent = conversation.send('Hello', ASKING);
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
    await conversation.send('One', ASKING);
    fail = true;
    await conversation.send('Two', ASKING);
    fail = false;
    await conversation.send('Three', ASKING);
    expect(requests.at(-1)?.messages).toEqual([
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Hi' },
      { role: 'user', content: 'Three' },
    ]);
  });

  it('takes one question at a time, and no empty one', async () => {
    const { conversation } = conversationWith({ stream: endless });
    await conversation.send('  ', ASKING);
    const sent = conversation.send('Hello', ASKING);
    await conversation.send('Again', ASKING);
    expect(conversation.turns()).toHaveLength(1);
    conversation.stop();
    await sent;
  });

  it('stops telling those who left', async () => {
    const { conversation } = conversationWith({});
    const listener = vi.fn();
    conversation.subscribe(listener)();
    await conversation.send('Hello', ASKING);
    expect(listener).not.toHaveBeenCalled();
  });
});

describe('totals', () => {
  it('add up tokens and charges, and estimates until then', async () => {
    const { promise, resolve } = deferred<typeof SETTLED>();
    const { conversation } = conversationWith({ settled: () => promise });
    const sent = conversation.send('Hello', ASKING);
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
    await conversation.send('Hello', ASKING);
    expect(totalsOf(conversation.turns())).toEqual({
      tokensIn: 0,
      tokensOut: 0,
      costMicro: 0,
      settling: false,
    });
  });
});

describe('what is kept', () => {
  const contents = (written: { messages: readonly NewMessage[] }[]) =>
    written.map(({ messages }) => messages.map(({ role, content, state }) => `${role} ${state}: ${content}`));

  it('is the question before it is sent, and the answer when it ends', async () => {
    const { stream, requests } = modelSaying(OPENED, say('Hi'));
    const { conversation, written } = conversationWith({ stream });
    await conversation.send('One', { ...ASKING, system: 'Be brief.' });
    await conversation.send('Two', ASKING);
    expect(contents(written)).toEqual([
      ['user complete: One'],
      ['assistant complete: Hi'],
      ['user complete: Two'],
      ['assistant complete: Hi'],
    ]);
    expect(written.map(({ after }) => after)).toEqual([null, 'm1', 'm2', 'm3']);
    expect(requests[0]?.messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
    expect(written[1]?.messages[0]).toMatchObject({ model: 'hub/echo', requestId: 'request-1' });
  });

  it('is what came of an answer that is stopped', async () => {
    const { conversation, written } = conversationWith({ stream: endless });
    const sent = conversation.send('Hello', ASKING);
    await until(conversation, () => conversation.turns()[0]?.answer === 'Hel');
    expect(conversation.busy()).toBe(true);
    conversation.stop();
    await sent;
    expect(contents(written).at(-1)).toEqual(['assistant stopped: Hel']);
    expect(conversation.busy()).toBe(false);
  });

  it('is replaced by what is asked again, in the same words or in others', async () => {
    const { stream, requests } = modelSaying(OPENED, say('Hi'));
    const { conversation, written } = conversationWith({ stream });
    await conversation.send('One', ASKING);
    await conversation.send('Two', ASKING);
    await conversation.again(ASKING);
    await conversation.again(ASKING, 'Three');
    expect(conversation.turns().map(({ question }) => question)).toEqual(['One', 'Three']);
    expect(written.slice(4).map(({ after }) => after)).toEqual(['m2', 'm5', 'm2', 'm7']);
    expect(requests.at(-1)?.messages.map(({ content }) => content)).toEqual(['One', 'Hi', 'Three']);
  });

  it('is asked first: a question that cannot be kept is not sent', async () => {
    const { stream, requests } = modelSaying(OPENED, say('Hi'));
    const error = new HubError('conversation-changed', {});
    const { conversation } = conversationWith({
      stream,
      keeper: { id: () => 'c1', write: () => Promise.reject(error) },
    });
    await conversation.send('One', ASKING);
    expect(conversation.turns()[0]).toMatchObject({ state: 'failed', error });
    expect(requests).toEqual([]);
  });

  it('says so where an answer cannot be kept, and goes on', async () => {
    const error = new HubError('conversation-full', {});
    const write = vi.fn(() => Promise.reject<string[]>(error)).mockResolvedValueOnce(['m1']);
    const { conversation } = conversationWith({ keeper: { id: () => 'c1', write } });
    await conversation.send('One', ASKING);
    expect(conversation.turns()[0]).toMatchObject({ state: 'complete', answer: 'Hi', unkept: error });
  });
});

describe('a keeper', () => {
  const kept = (id: string): ConversationMessage => ({
    ...{ id, role: 'user', content: '', model: null, state: 'complete', requestId: null },
    ...{ createdAt: '2026-01-01T00:00:00Z', receipt: null },
  });

  it('begins a conversation by its first message, and says what it has seen', async () => {
    const bodies: unknown[] = [];
    const conversations = {
      createConversation: vi.fn(({ body }: { body: { title: string; model: string } }) =>
        Promise.resolve({
          ...{ ...ASKING, id: 'c1', title: body.title },
          ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
        }),
      ),
      appendMessages: ({ body }: { body: unknown }) => {
        bodies.push(body);
        return Promise.resolve({ items: [kept(`m${bodies.length}`)] });
      },
    };
    const keeper = createKeeper({ conversations, id: undefined, newest: null, onKept: vi.fn() });
    const message: NewMessage = {
      ...{ role: 'user', content: 'Hello\nthere', model: null, state: 'complete', requestId: null },
    };
    await keeper.write(null, [message], ASKING);
    await keeper.write('m1', [message], ASKING);
    await keeper.write(null, [message], ASKING);
    expect(conversations.createConversation).toHaveBeenCalledTimes(1);
    expect(conversations.createConversation.mock.calls[0]?.[0].body.title).toBe('Hello there');
    expect(keeper.id()).toBe('c1');
    expect(bodies).toMatchObject([
      { after: null, seen: null },
      { after: 'm1', seen: 'm1' },
      { after: null, seen: 'm2' },
    ]);
  });

  it('makes a title of any question, and keeps any answer', () => {
    expect(titleOf('  a\n\tb ')).toBe('a b');
    expect(titleOf('\n')).toBe('…');
    expect(Array.from(titleOf('😀'.repeat(200)))).toHaveLength(80);
    expect(keepable('a\0b\ud83d', 10)).toBe('a\ufffdb\ufffd');
    expect(keepable('ab😀', 3)).toBe('ab');
  });
});

describe('kept messages', () => {
  const kept = (id: string, role: 'user' | 'assistant', more: Partial<ConversationMessage> = {}) => ({
    ...{ id, role, content: id, model: null, state: 'complete' as const, requestId: null },
    ...{ createdAt: '2026-01-01T00:00:00Z', receipt: null, ...more },
  });

  it('are turns again, with what they cost, and with questions that nobody answered', () => {
    const receipt = { promptTokens: 1, completionTokens: 2, creditsMicro: 3 };
    const turns = turnsOf([
      kept('q1', 'user'),
      kept('a1', 'assistant', { state: 'stopped', model: 'm', receipt }),
      kept('q2', 'user'),
    ]);
    expect(turns).toMatchObject([
      { question: 'q1', answer: 'a1', state: 'stopped', charge: { state: 'charged', micro: 3 } },
      { question: 'q2', answer: '', state: 'unanswered' },
    ]);
    expect([newestOf(turns), newestOf(turns.slice(0, 1)), newestOf([])]).toEqual(['q2', 'a1', null]);
  });
});

describe('the price ahead', () => {
  const price = samplePrice('m', 1_000_000, 2_000_000);

  it('counts what is sent, and an answer of the length that is allowed', () => {
    const turns = turnsOf([]);
    const ask = { question: 'four', system: 'eight ch', maxTokens: 10 };
    expect(priceAhead(price, turns, ask)).toEqual({ inMicro: 3, outMicro: 20, outTokens: 10 });
    expect(priceAhead(price, turns, { ...ask, maxTokens: null }).outTokens).toBe(1000);
  });
});
