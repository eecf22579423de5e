import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatToGemini } from './chat-to-gemini.ts';

const question = {
  model: 'gemini-2.5-flash',
  max_tokens: 4_000,
  messages: [{ role: 'user', content: 'hello' }],
};
const asked = { role: 'user', parts: [{ text: 'hello' }] };
const ask = (fields: object) => chatToGemini({ ...question, ...fields });
const contents = (...messages: object[]) => ask({ messages })['contents'];
const parts = (...content: object[]) => contents({ role: 'user', content });
const config = (fields: object) => ask(fields)['generationConfig'];

test('a request without settings has nothing that was not said', () => {
  expect(chatToGemini(question)).toEqual({
    model: 'gemini-2.5-flash',
    stream: false,
    contents: [asked],
    generationConfig: { maxOutputTokens: 4_000 },
  });
});

test('what only OpenAI knows is left out', () => {
  const only = { user: 'u', logit_bias: {}, store: true, service_tier: 'auto', stream_options: {}, n: 1 };
  expect(ask({ ...only, stop: [], temperature: null, stream: null })).toEqual(chatToGemini(question));
});

test.each([
  [
    { temperature: 0.5, top_p: 0.9, top_k: 40, seed: 7 },
    { temperature: 0.5, topP: 0.9, topK: 40, seed: 7 },
  ],
  [
    { presence_penalty: 1, frequency_penalty: -1 },
    { presencePenalty: 1, frequencyPenalty: -1 },
  ],
  [{ stop: 'END' }, { stopSequences: ['END'] }],
  [{ stop: ['\n', '', 'END'] }, { stopSequences: ['\n', 'END'] }],
  [{ response_format: { type: 'text' } }, {}],
  [{ response_format: { type: 'json_object' } }, { responseMimeType: 'application/json' }],
  [
    { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } } },
    { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
  ],
])('%j is told as %j', (fields, told) => {
  expect(config(fields)).toEqual({ maxOutputTokens: 4_000, ...told });
});

test('a stream is asked for as such', () => {
  expect(ask({ stream: true }).stream).toBe(true);
});

describe('thinking', () => {
  const thinks = (thinkingBudget: number, includeThoughts = true) => ({ thinkingBudget, includeThoughts });
  const level = (thinkingLevel: string, includeThoughts = true) => ({ thinkingLevel, includeThoughts });
  test.each([
    ['gemini-2.5-flash', 'none', 99_999, thinks(0, false)],
    ['gemini-2.5-pro', 'none', 99_999, thinks(128, false)],
    ['gemini-2.5-flash', 'low', 99_999, thinks(1_024)],
    ['gemini-2.5-flash', 'medium', 99_999, thinks(8_192)],
    ['gemini-2.5-flash', 'high', 99_999, thinks(24_576)],
    ['gemini-2.5-flash', 'high', 4_000, thinks(2_000)],
    ['gemini-2.5-flash', 'high', 50, thinks(512)],
    ['gemini-2.5-flash', 'high', undefined, thinks(24_576)],
    ['gemini-3-flash-preview', 'none', 50, level('low', false)],
    ['gemini-3.1-pro-preview', 'minimal', 50, level('low')],
    ['gemini-flash-latest', 'medium', 50, level('medium')],
    ['gemini-4-argon', 'xhigh', 50, level('high')],
    ['gemini-2.0-flash', 'high', 50, undefined],
    ['gemma-3-27b-it', 'high', 50, undefined],
    ['gemini-3-flash', null, 50, undefined],
  ])('of %s with effort %s and %s tokens is %j', (model, effort, limit, told) => {
    const settings = { model, reasoning_effort: effort, max_tokens: limit };
    expect(config(settings)).toEqual({
      ...(limit && { maxOutputTokens: limit }),
      ...(told && { thinkingConfig: told }),
    });
  });
});

describe('content', () => {
  test('of one side in a row is one turn, with instructions in front', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'a' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: '', refusal: 'No.' },
      { role: 'assistant', content: null },
      { role: 'user', content: '' },
    ];
    expect(ask({ messages })).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
        { role: 'model', parts: [{ text: 'No.' }] },
      ],
    });
  });

  const inline = (mimeType: string) => ({ inlineData: { mimeType, data: 'QUJD' } });
  test.each([
    [{ type: 'image_url', image_url: { url: 'data:image/jpg;base64,QUJD' } }, inline('image/jpeg')],
    [{ type: 'image_url', image_url: 'data:image/png;base64,QUJD' }, inline('image/png')],
    [
      { type: 'image_url', image_url: { url: 'https://a.test/b.PNG?c=d.pdf#e' } },
      { fileData: { fileUri: 'https://a.test/b.PNG?c=d.pdf#e', mimeType: 'image/png' } },
    ],
    [
      { type: 'image_url', image_url: { url: 'https://a.test/b' } },
      { fileData: { fileUri: 'https://a.test/b' } },
    ],
    [{ type: 'file', file: { file_data: 'data:text/plain;base64,QUJD' } }, inline('text/plain')],
    [{ type: 'file', file: { file_data: 'QUJD' } }, inline('application/pdf')],
    [
      { type: 'file', file: { file_data: 'https://a.test/b.pdf' } },
      { fileData: { fileUri: 'https://a.test/b.pdf', mimeType: 'application/pdf' } },
    ],
    [{ type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } }, inline('audio/wav')],
  ])('%j becomes %j', (part, told) => {
    expect(parts(part)).toEqual([{ role: 'user', parts: [told] }]);
  });
});

describe('tools', () => {
  const look = {
    type: 'function',
    function: { name: 'look', description: 'Looks.', parameters: { properties: { at: { type: 'string' } } } },
  };
  const go = { type: 'function', function: { name: 'go' } };
  const EMPTY = { type: 'object', properties: {} };

  test('are declared with their schemas as they are', () => {
    expect(ask({ tools: [look, go] })).toMatchObject({
      tools: [
        {
          functionDeclarations: [
            {
              name: 'look',
              description: 'Looks.',
              parametersJsonSchema: { type: 'object', properties: { at: { type: 'string' } } },
            },
            { name: 'go', parametersJsonSchema: EMPTY },
          ],
        },
      ],
    });
    expect(ask({ tools: [], tool_choice: 'auto' })).toEqual(chatToGemini(question));
  });

  test.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [go, { mode: 'ANY', allowedFunctionNames: ['go'] }],
  ])('are chosen by %j as %j', (choice, functionCallingConfig) => {
    expect(ask({ tools: [look, go], tool_choice: choice })['toolConfig']).toEqual({ functionCallingConfig });
  });

  const call = (id: string, args: unknown, more: object = {}) => ({
    ...{ id, type: 'function', function: { name: 'look', arguments: args } },
    ...more,
  });
  const signed = { extra_content: { google: { thought_signature: 'c2ln' } } };
  const results = [
    { role: 'tool', tool_call_id: 'a', content: '{"found":1}' },
    { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'nothing' }] },
  ];
  const called = (calls: object[], model = 'gemini-3-pro') =>
    ask({ model, messages: [...question.messages, { role: 'assistant', tool_calls: calls }, ...results] })[
      'contents'
    ];
  const functionCall = (id: string, args: object) => ({ functionCall: { id, name: 'look', args } });

  test('that were called at once are answered at once, with names and ids', () => {
    expect(called([call('a', '{"at":"x"}', signed), call('b', '')])).toEqual([
      asked,
      {
        role: 'model',
        parts: [{ ...functionCall('a', { at: 'x' }), thoughtSignature: 'c2ln' }, functionCall('b', {})],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'look', response: { found: 1 } } },
          { functionResponse: { id: 'b', name: 'look', response: { output: 'nothing' } } },
        ],
      },
    ]);
  });

  test('that were called without a signature are marked where the model would miss it', () => {
    const unsigned = [call('a', '{"at":'), call('b', '{}')];
    const first = functionCall('a', { INVALID_JSON: '{"at":' });
    expect(called(unsigned)).toMatchObject([
      asked,
      {
        parts: [
          { ...first, thoughtSignature: 'skip_thought_signature_validator' },
          expect.not.objectContaining({ thoughtSignature: expect.anything() }),
        ],
      },
      {},
    ]);
    expect(called(unsigned, 'gemini-2.5-pro')).toMatchObject([
      asked,
      { parts: [first, functionCall('b', {})] },
      {},
    ]);
  });

  test('may show pictures, which stand behind what they say', () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } };
    const shown = contents(
      { role: 'assistant', tool_calls: [call('a', '{}')] },
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'see' }, image] },
    );
    expect(shown).toMatchObject([
      {},
      {
        parts: [
          { functionResponse: { response: { output: 'see' } } },
          { inlineData: { mimeType: 'image/png' } },
        ],
      },
    ]);
  });
});

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
test.each([
  [{ n: 2 }, /n must be 1/],
  [{ messages: [] }, 'messages'],
  [{ messages: [{ role: 'system', content: 'x' }] }, 'messages'],
  [{ messages: [{ role: 'function', content: 'x' }] }, 'messages.0.role'],
  [user(7), 'messages.0.content'],
  [user([{ type: 'text' }]), 'messages.0.content.0'],
  [user([{ type: 'video' }]), 'messages.0.content.0'],
  [user([{ type: 'image_url', image_url: { url: 'http://a.test/b.png' } }]), 'messages.0.content.0'],
  [user([{ type: 'image_url' }]), 'messages.0.content.0'],
  [user([{ type: 'file', file: { file_id: 'f' } }]), 'messages.0.content.0'],
  [user([{ type: 'input_audio', input_audio: {} }]), 'messages.0.content.0'],
  [
    {
      messages: [
        { role: 'system', content: [{ type: 'image_url', image_url: 'https://a.test' }] },
        ...question.messages,
      ],
    },
    'messages.0.content',
  ],
  [{ messages: [{ role: 'assistant', tool_calls: [{ id: 'a' }] }] }, 'messages.0.tool_calls.0'],
  [{ messages: [{ role: 'tool', tool_call_id: 'a', content: 'x' }] }, 'messages.0.tool_call_id'],
  [{ tools: [{ type: 'web_search' }] }, 'tools.0'],
  [{ temperature: 'hot' }, 'temperature'],
  [{ reasoning_effort: 'all' }, 'reasoning_effort'],
  [{ response_format: { type: 'json_schema' } }, 'response_format'],
])('%j is refused at %s', (fields, where) => {
  const errors = typeof where === 'string' ? { errors: [expect.objectContaining({ path: where })] } : {};
  const message = typeof where === 'string' ? expect.any(String) : expect.stringMatching(where);
  expect(() => ask(fields)).toThrow(expect.objectContaining({ code: 'invalid-request', message, ...errors }));
});

test('whatever a caller sends, it becomes a request or invalid-request', () => {
  const message = fc.record(
    {
      role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'x'),
      content: fc.jsonValue(),
      tool_calls: fc.jsonValue(),
      tool_call_id: fc.jsonValue(),
    },
    { requiredKeys: ['role'] },
  );
  const body = fc.record(
    {
      messages: fc.oneof(fc.array(message), fc.jsonValue()),
      tools: fc.jsonValue(),
      tool_choice: fc.jsonValue(),
      stop: fc.jsonValue(),
      response_format: fc.jsonValue(),
      model: fc.jsonValue(),
      reasoning_effort: fc.constantFrom('low', 'toString', 1),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(body, (fields) => {
      try {
        expect(chatToGemini(fields)).toHaveProperty('contents');
      } catch (error) {
        expect(error).toMatchObject({ name: DomainError.name, code: 'invalid-request' });
      }
    }),
  );
});
