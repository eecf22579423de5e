import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { responsesToChat } from './responses-to-chat.ts';

const messagesOf = (input: unknown) => responsesToChat({ model: 'm', input })['messages'];
const fieldsOf = (more: object) => {
  const { messages: _, ...rest } = responsesToChat({ input: 'hi', ...more });
  return rest;
};
const user = (content: unknown) => ({ role: 'user', content });
const text = (said: string) => ({ type: 'text', text: said });
const call = (id: string, name = 'look', args = '{}') => ({
  ...{ type: 'function_call', id: `fc_${id}`, status: 'completed' },
  ...{ call_id: id, name, arguments: args },
});
const called = (id: string, name = 'look', args = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const output = (id: string, said: unknown) => ({ type: 'function_call_output', call_id: id, output: said });
const answer = (id: string, said: string) => ({ role: 'tool', tool_call_id: id, content: said });

describe('the input', () => {
  test.each<[string, unknown, unknown[]]>([
    ['a text', 'hello', [user('hello')]],
    ['a message without a type', [user('hello')], [user('hello')]],
    [
      'a message in parts',
      [{ type: 'message', ...user([{ type: 'input_text', text: 'hello' }]) }],
      [user('hello')],
    ],
    [
      'instructions in the middle',
      [user('a'), { role: 'developer', content: 'b' }, { role: 'system', content: 'c' }],
      [user('a'), { role: 'system', content: 'b' }, { role: 'system', content: 'c' }],
    ],
    [
      'an image and a file',
      [
        user([
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'https://a.example/b.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'original' },
          { type: 'input_image', image_url: 'https://a.example/c.png' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' },
          { type: 'input_file', file_data: 'AA==' },
        ]),
      ],
      [
        user([
          text('see'),
          { type: 'image_url', image_url: { url: 'https://a.example/b.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'high' } },
          { type: 'image_url', image_url: { url: 'https://a.example/c.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
          { type: 'file', file: { filename: 'document.pdf', file_data: 'AA==' } },
        ]),
      ],
    ],
    [
      'an answer of before, as it was put out',
      [
        {
          ...{ type: 'message', id: 'msg_1', status: 'completed', role: 'assistant' },
          content: [
            { type: 'output_text', text: 'Hel', annotations: [] },
            { type: 'output_text', text: 'lo', annotations: [] },
          ],
        },
        { role: 'assistant', content: 'again' },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
        { role: 'assistant', content: [] },
      ],
      [
        { role: 'assistant', content: 'Hello' },
        { role: 'assistant', content: 'again' },
        { role: 'assistant', content: null, refusal: 'No.' },
      ],
    ],
    [
      'reasoning, which is left out',
      [
        user('a'),
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
        call('1'),
        output('1', 'up'),
      ],
      [user('a'), { role: 'assistant', content: null, tool_calls: [called('1')] }, answer('1', 'up')],
    ],
    [
      'calls at once, in one turn with what was said before and after them',
      [
        { role: 'assistant', content: 'I look.' },
        call('1'),
        call('2', 'go', '{"a":1}'),
        { role: 'assistant', content: ' Wait.' },
        output('1', 'up'),
        output('2', [{ type: 'input_text', text: 'gone' }]),
      ],
      [
        {
          role: 'assistant',
          content: 'I look. Wait.',
          tool_calls: [called('1'), called('2', 'go', '{"a":1}')],
        },
        answer('1', 'up'),
        answer('2', 'gone'),
      ],
    ],
    [
      'calls one after the other, in turns of their own',
      [call('1'), output('1', 'up'), call('2'), { role: 'assistant', content: 'so' }, output('2', 'down')],
      [
        { role: 'assistant', content: null, tool_calls: [called('1')] },
        answer('1', 'up'),
        { role: 'assistant', content: 'so', tool_calls: [called('2')] },
        answer('2', 'down'),
      ],
    ],
    [
      'what tools show, behind the last of their results',
      [
        call('1'),
        call('2'),
        output('1', [{ type: 'input_image', image_url: 'https://a.example/b.png' }]),
        output('2', 'down'),
        user('and?'),
      ],
      [
        { role: 'assistant', content: null, tool_calls: [called('1'), called('2')] },
        answer('1', 'What it shows follows.'),
        answer('2', 'down'),
        user([
          text('The tool call 1 shows:'),
          { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
        ]),
        user('and?'),
      ],
    ],
  ])('%s', (_, input, messages) => {
    expect(messagesOf(input)).toEqual(messages);
  });

  test('instructions go first', () => {
    expect(responsesToChat({ input: 'a', instructions: 'be brief' })['messages']).toEqual([
      { role: 'system', content: 'be brief' },
      user('a'),
    ]);
  });
});

const schema = { type: 'object', properties: {} };

test.each<[object, object]>([
  [
    { model: 'm', stream: true },
    { model: 'm', stream: true },
  ],
  [{ stream: null, temperature: null, text: null, reasoning: null, tools: null }, {}],
  [
    { temperature: 0.5, top_p: 0.9, user: 'u', safety_identifier: 's', prompt_cache_key: 'k' },
    { temperature: 0.5, top_p: 0.9, user: 'u', safety_identifier: 's', prompt_cache_key: 'k' },
  ],
  [
    { service_tier: 'flex', seed: 7, vendor_field: 1 },
    { service_tier: 'flex', seed: 7, vendor_field: 1 },
  ],
  [
    {
      ...{ store: true, metadata: { a: 'b' }, include: ['reasoning.encrypted_content'], background: false },
      ...{ truncation: 'auto', max_output_tokens: 9, max_tool_calls: 3, n: 5, top_logprobs: 2 },
      ...{ stream_options: { include_obfuscation: true }, context_management: [], conversation: null },
    },
    {},
  ],
  [{ reasoning: { effort: 'high', summary: 'auto' } }, { reasoning_effort: 'high' }],
  [{ text: { format: { type: 'text' }, verbosity: 'low' } }, { verbosity: 'low' }],
  [{ text: { format: { type: 'json_object' } } }, { response_format: { type: 'json_object' } }],
  [
    { text: { format: { type: 'json_schema', name: 'a', schema, strict: true } } },
    { response_format: { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } } },
  ],
  [{ tools: [], tool_choice: 'none', parallel_tool_calls: false }, {}],
  [
    {
      tools: [
        { type: 'function', name: 'look', description: 'Looks', parameters: schema, strict: true },
        { type: 'function', name: 'go', parameters: null, strict: null, defer_loading: false },
      ],
      parallel_tool_calls: false,
    },
    {
      tools: [
        {
          type: 'function',
          function: { name: 'look', description: 'Looks', parameters: schema, strict: true },
        },
        { type: 'function', function: { name: 'go' } },
      ],
      parallel_tool_calls: false,
    },
  ],
])('the fields %j become %j', (given, expected) => {
  expect(fieldsOf(given)).toEqual(expected);
});

test.each([
  ['required', 'required'],
  [
    { type: 'function', name: 'look' },
    { type: 'function', function: { name: 'look' } },
  ],
  [
    { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'look' }] },
    {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'look' } }] },
    },
  ],
])('the choice %j becomes %j', (given, expected) => {
  const tools = [{ type: 'function', name: 'look' }];
  expect(fieldsOf({ tools, tool_choice: given })).toMatchObject({ tool_choice: expected });
});

const tools = [{ type: 'function', name: 'look' }];

test.each<[object, string, RegExp]>([
  [{ previous_response_id: 'resp_1' }, 'previous_response_id', /keeps no answers/],
  [{ conversation: { id: 'conv_1' } }, 'conversation', /keeps no conversations/],
  [{ prompt: { id: 'pmpt_1' }, input: undefined }, 'prompt', /keeps no prompt templates/],
  [{ background: true }, 'background', /keeps no answers/],
  [{ input: undefined }, 'input', /a text or a list of items/],
  [{ input: 7 }, 'input', /a text or a list of items/],
  [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.0', /must be the item itself/],
  [{ input: [{ id: 'msg_1' }] }, 'input.0', /must be the item itself/],
  [{ input: [user('a'), { type: 'computer_call_output' }] }, 'input.1', /nothing like computer_call_output/],
  [{ input: [{ type: 'constructor' }] }, 'input.0', /nothing like constructor/],
  [{ input: [{ role: 'tool', content: 'x' }] }, 'input.0.role', /./],
  [{ input: [user([{ type: 'input_audio' }])] }, 'input.0.content.0', /a text, an image or a file/],
  [{ input: [user([{ type: 'input_image', file_id: 'f' }])] }, 'input.0.content.0', /keeps no files/],
  [{ input: [user([{ type: 'input_file', file_url: 'f' }])] }, 'input.0.content.0', /fetches none/],
  [
    { input: [{ role: 'assistant', content: [{ type: 'input_image', image_url: 'x' }] }] },
    'input.0.content',
    /shows nothing/,
  ],
  [{ input: [call('1'), { type: 'function_call_output', output: 'x' }] }, 'input.1.call_id', /./],
  ...['web_search', 'file_search', 'computer', 'mcp', 'code_interpreter', 'image_generation', 'custom'].map(
    (type): [object, string, RegExp] => [
      { tools: [...tools, { type, name: 'x' }] },
      'tools.1',
      RegExp(`runs no ${type}`),
    ],
  ),
  [{ tools: [{ type: 'function', function: { name: 'look' } }] }, 'tools.0.name', /./],
  [{ tools, tool_choice: { type: 'web_search' } }, 'tool_choice', /a function/],
  [{ tools, tool_choice: 'always' }, 'tool_choice', /a function/],
  [{ text: { format: { type: 'grammar' } } }, 'text.format.type', /./],
])('%j is refused at %s', (given, path, message) => {
  const refused = () => responsesToChat({ input: 'hi', ...given });
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      errors: expect.arrayContaining([{ path, message: expect.stringMatching(message) }]),
    }),
  );
});

test('whatever is asked becomes a chat or is refused', () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        type: fc.constantFrom('message', 'function_call', 'function_call_output', 'reasoning', 'function'),
        role: fc.constantFrom('user', 'assistant', 'system', 7),
        content: fc.oneof(fc.jsonValue(), fc.array(fc.record({ type: fc.constant('input_text') }))),
        call_id: fc.constantFrom('1', 7),
        name: fc.constantFrom('look', null),
        arguments: fc.jsonValue(),
        output: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );
  const request = fc.record(
    {
      input: fc.oneof(value, fc.array(value)),
      tools: fc.oneof(value, fc.array(value)),
      tool_choice: value,
      text: value,
      reasoning: value,
      instructions: value,
      background: value,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(request, (body) => {
      try {
        expect(responsesToChat(body)['messages']).toEqual(expect.any(Array));
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect(error).toMatchObject({ code: 'invalid-request' });
      }
    }),
  );
});
