import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { geminiEventsToChunks } from './gemini-events-to-chunks.ts';
import { anyAnswer } from './gemini-json.fixture.ts';
import { geminiToCompletion } from './gemini-to-completion.ts';

const BASE = { modelVersion: 'gemini-3-pro', responseId: 'r1' };
const event = (parts: object[], more: object = {}, finishReason?: string) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, finishReason }],
  ...BASE,
  ...more,
});
const usage = (candidatesTokenCount: number) => ({
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount, thoughtsTokenCount: 2 },
});
const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 11,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const call = (id: string, args: object, thoughtSignature?: string) => ({
  functionCall: { id, name: 'look', args },
  thoughtSignature,
});

const translate = (...events: unknown[]) => {
  const translator = geminiEventsToChunks('m');
  const pushed = events.map((each) =>
    translator.push(typeof each === 'string' ? each : JSON.stringify(each)),
  );
  return { pushed, end: translator.end() };
};
const DONE = 'data: [DONE]\n\n';

const chunkShape = z.looseObject({
  choices: z.array(z.looseObject({ delta: z.looseObject({}), finish_reason: z.string().nullable() })),
});

/** What the chunks of a stream say, the frame of each that all have in common taken off. */
const heard = (stream: string): unknown[] =>
  stream.split('\n\n').flatMap((each) => {
    if (each === '' || each === DONE.trim()) return [];
    const chunk = chunkShape.parse(JSON.parse(each.replace(/^data: /, '')));
    const { id, created, model, object, choices, usage: told } = chunk;
    expect({ id, created, model, object }).toEqual({
      id: 'chatcmpl-r1',
      created: expect.any(Number),
      model: 'gemini-3-pro',
      object: 'chat.completion.chunk',
    });
    const [choice] = choices;
    return choice ? [choice.finish_reason ?? choice.delta] : [told];
  });

test('a stream from role to [DONE], event by event', () => {
  const { pushed, end } = translate(
    event([{ text: 'hm', thought: true }], usage(0)),
    event([{ text: 'wa' }], usage(1)),
    event([{ text: 'it' }, { text: '' }]),
    event([call('a', { x: 1 }, 'c2ln'), call('b', {})]),
    event([{ text: '' }], usage(9), 'STOP'),
  );
  const told = (index: number, id: string, args: string, more: object = {}) => ({
    tool_calls: [{ index, id, type: 'function', function: { name: 'look', arguments: args }, ...more }],
  });
  expect(pushed.map(heard)).toEqual([
    [{ role: 'assistant', content: '' }, { reasoning_content: 'hm' }],
    [{ content: 'wa' }],
    [{ content: 'it' }],
    [
      told(0, 'a', '{"x":1}', { extra_content: { google: { thought_signature: 'c2ln' } } }),
      told(1, 'b', '{}'),
    ],
    [],
  ]);
  expect(heard(end)).toEqual(['tool_calls', USAGE]);
  expect(end.endsWith(DONE)).toBe(true);
});

test('usage that comes before or behind the end is told too; a stream without any tells none', () => {
  const early = translate(event([{ text: 'a' }], usage(9)), event([], {}, 'STOP'));
  expect(heard(early.end)).toEqual(['stop', USAGE]);
  const late = translate(event([{ text: 'a' }], {}, 'STOP'), { ...BASE, ...usage(9) });
  expect(heard(late.end)).toEqual(['stop', USAGE]);
  expect(heard(translate(event([{ text: 'a' }], {}, 'STOP')).end)).toEqual(['stop']);
});

test('what is said behind a reason to end is said too, as older models tell it with every event', () => {
  const { pushed, end } = translate(
    event([{ text: 'a' }], {}, 'STOP'),
    event([{ text: 'b' }], usage(9), 'MAX_TOKENS'),
  );
  expect(pushed.map(heard)).toEqual([
    [{ role: 'assistant', content: '' }, { content: 'a' }],
    [{ content: 'b' }],
  ]);
  expect(heard(end)).toEqual(['length', USAGE]);
});

test('a stream that breaks off is given no end', () => {
  expect(translate(event([{ text: 'a' }], usage(1))).end).toBe('');
  expect(translate().end).toBe('');
});

test('a blocked prompt is refused in the vendor’s words', () => {
  const { pushed, end } = translate({ ...BASE, promptFeedback: { blockReason: 'SAFETY' } });
  expect(heard(pushed.join('') + end)).toEqual([
    { role: 'assistant', content: '' },
    { refusal: 'the prompt was blocked: SAFETY' },
    'content_filter',
  ]);
});

test.each([
  { error: { code: 503, message: 'at https://secret.test', status: 'UNAVAILABLE' } },
  event([], {}, 'MALFORMED_FUNCTION_CALL'),
])('the event %j is thrown, in our words', (broken) => {
  const failure = { code: 'provider-failed', message: expect.not.stringContaining('secret') };
  expect(() => translate(event([{ text: 'a' }]), broken)).toThrow(expect.objectContaining(failure));
});

test('whatever a vendor sends, nothing but a DomainError is thrown', () => {
  fc.assert(
    fc.property(fc.array(anyAnswer), (events) => {
      try {
        const { pushed, end } = translate(...events);
        for (const part of [...pushed, end]) expect(part).toMatch(/^(?:data: .+\n\n)*$/);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
    }),
  );
});

const pieceOf = z.strictObject({
  role: z.string().optional(),
  content: z.string().default(''),
  reasoning_content: z.string().default(''),
  tool_calls: z.array(z.looseObject({ index: z.int() })).default([]),
});

/** Puts the chunks together again, as a client does. */
function accumulate(stream: string): object {
  const said = heard(stream);
  const [finish, told] = said.slice(-2);
  const pieces = said.slice(0, -2).map((piece) => pieceOf.parse(piece));
  const thought = pieces.map((piece) => piece.reasoning_content).join('');
  const calls = pieces.flatMap((piece) => piece.tool_calls);
  expect(calls.map(({ index }) => index)).toEqual(calls.map((_, at) => at));
  return {
    content: pieces.map((piece) => piece.content).join('') || null,
    ...(thought && { reasoning_content: thought }),
    ...(calls.length > 0 && { tool_calls: calls.map(({ index: _index, ...rest }) => rest) }),
    finish,
    usage: told,
  };
}

test('however an answer is cut into events, the chunks add up to its plain translation', () => {
  const part = fc.oneof(
    fc.record({ text: fc.string(), thought: fc.boolean() }),
    fc
      .tuple(fc.uuid(), fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), fc.string())
      .map(([id, args, signature]) => call(id, args, signature)),
  );
  const completion = z.object({
    choices: z.tuple([z.object({ message: z.looseObject({}), finish_reason: z.string() })]),
    usage: z.unknown(),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(part, { maxLength: 3 }), { maxLength: 5 }),
      fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY'),
      (cuts, finish) => {
        const whole = event(cuts.flat(), usage(9), finish);
        const plain = completion.parse(JSON.parse(geminiToCompletion(JSON.stringify(whole), 'm')));
        const [{ message, finish_reason: reason }] = plain.choices;
        const { role: _role, refusal: _refusal, ...said } = message;
        const { pushed, end } = translate(
          ...cuts.map((parts) => event(parts, usage(1))),
          event([], usage(9), finish),
        );
        expect(accumulate(pushed.join('') + end)).toEqual({ ...said, finish: reason, usage: plain.usage });
      },
    ),
  );
});
