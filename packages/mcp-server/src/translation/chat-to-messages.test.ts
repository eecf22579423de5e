import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatToMessages } from './chat-to-messages.ts';

const question = {
  model: 'claude-sonnet-4-5',
  max_tokens: 4_000,
  messages: [{ role: 'user', content: 'hello' }],
};
const said = { role: 'user', content: [{ type: 'text', text: 'hello' }] };
const ask = (fields: object) => chatToMessages({ ...question, ...fields });
const turns = (...messages: object[]) => ask({ messages })['messages'];
const parts = (...content: object[]) => turns({ role: 'user', content });

const call = (id: string, args: unknown, name = 'look') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const tool = (name: string, fields: object = {}) => ({ type: 'function', function: { name, ...fields } });
const EMPTY_SCHEMA = { type: 'object', properties: {} };

test('a request without settings has nothing that was not said', () => {
  expect(chatToMessages(question)).toEqual({
    model: 'claude-sonnet-4-5',
    max_tokens: 4_000,
    messages: [said],
  });
});

test('what only OpenAI knows is left out', () => {
  const only = {
    n: 1,
    seed: 7,
    logprobs: true,
    top_logprobs: 2,
    logit_bias: { 1: 2 },
    stream: false,
    stream_options: { include_usage: true },
    frequency_penalty: 1,
    presence_penalty: 1,
    store: true,
    metadata: { a: 'b' },
    service_tier: 'flex',
    response_format: { type: 'text' },
    tool_choice: 'auto',
    tools: [],
    temperature: null,
    stop: null,
  };
  expect(ask(only)).toEqual(chatToMessages(question));
});

describe('settings', () => {
  test.each<[object, object]>([
    [{ temperature: 0.5 }, { temperature: 0.5 }],
    [{ temperature: 1.7 }, { temperature: 1 }],
    [{ top_p: 0.9 }, { top_p: 0.9 }],
    [{ temperature: 0.2, top_p: 0.9 }, { temperature: 0.2 }],
    [{ temperature: 1, top_p: 0.9 }, { top_p: 0.9 }],
    [{ stop: 'END' }, { stop_sequences: ['END'] }],
    [{ stop: ['a', '\n\n', 'b'] }, { stop_sequences: ['a', 'b'] }],
    [{ stop: '\n' }, {}],
    [{ user: 'u1' }, { metadata: { user_id: 'u1' } }],
    [{ user: 'u1', safety_identifier: 's1' }, { metadata: { user_id: 's1' } }],
    [{ stream: true }, { stream: true }],
    [{ stream: null }, {}],
    [{ response_format: { type: 'json_object' } }, { system: expect.stringMatching(/JSON object/) }],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
  ])('%j becomes %j', (fields, settings) => {
    expect(ask(fields)).toEqual({ ...chatToMessages(question), ...settings });
  });
});

describe('messages', () => {
  test('instructions from everywhere go in front', () => {
    const body = ask({
      messages: [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: 'hello' },
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'be' },
            { type: 'text', text: 'brief' },
          ],
        },
        { role: 'system', content: ' ' },
      ],
      response_format: { type: 'json_object' },
    });
    expect(body['system']).toMatch(/^be kind\nbe\nbrief\nAnswer with a single valid JSON object/);
    expect(body['messages']).toEqual([said]);
  });

  test('tool calls and their results, in parallel, with what is said around them', () => {
    expect(
      turns(
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: 'wait', tool_calls: [call('a', '{"x":[1]}'), call('b:0.1', '')] },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b:0.1', content: [{ type: 'text', text: 'two' }] },
        { role: 'user', content: 'and?' },
        { role: 'tool', tool_call_id: 'c', content: '' },
      ),
    ).toEqual([
      said,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'wait' },
          { type: 'tool_use', id: 'a', name: 'look', input: { x: [1] } },
          { type: 'tool_use', id: 'b_0_1', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'one' }] },
          { type: 'tool_result', tool_use_id: 'b_0_1', content: [{ type: 'text', text: 'two' }] },
          { type: 'text', text: 'and?' },
          { type: 'tool_result', tool_use_id: 'c' },
        ],
      },
    ]);
  });

  test.each([
    ['{"half', { INVALID_JSON: '{"half' }],
    ['[1]', { INVALID_JSON: '[1]' }],
    ['null', { INVALID_JSON: 'null' }],
    [' ', {}],
    [undefined, {}],
    [{ x: 1 }, { x: 1 }],
  ])('the arguments %j are shown to the model again as %j', (args, input) => {
    expect(
      turns(
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: null, tool_calls: [call('a', args)] },
      ),
    ).toMatchObject([said, { content: [{ input }] }]);
  });

  test('neighbours of one side are one turn, and who says nothing has none', () => {
    expect(
      turns(
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: '' },
        { role: 'user', content: [{ type: 'text', text: 'you' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }], reasoning_content: 'hm' },
        { role: 'assistant', content: null, refusal: 'never \n' },
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hello' },
          { type: 'text', text: 'you' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'no' },
          { type: 'text', text: 'never' },
        ],
      },
    ]);
  });

  const file = (fields: object) => ({ type: 'file', file: fields });
  const image = (url: string) => ({ type: 'image_url', image_url: { url, detail: 'low' } });
  test.each<[object, object]>([
    [image('https://x.test/a.png'), { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } }],
    [
      image('data:image/png;base64,AAAA'),
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ],
    [
      image('data:image/JPG;charset=x;base64,AAAA'),
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
    ],
    [
      { type: 'image_url', image_url: 'https://x.test/a.png' },
      { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
    ],
    [
      file({ file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' }),
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' },
        title: 'a.pdf',
      },
    ],
    [
      file({ file_data: 'AAAA' }),
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    ],
    [
      file({ file_data: 'https://x.test/a.pdf' }),
      { type: 'document', source: { type: 'url', url: 'https://x.test/a.pdf' } },
    ],
    [
      file({ file_data: `data:text/csv;base64,${Buffer.from('ä;b').toString('base64')}` }),
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ä;b' } },
    ],
    [
      file({ file_data: 'data:image/webp;base64,AAAA', filename: 'a.webp' }),
      { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'AAAA' } },
    ],
  ])('the part %j becomes %j', (part, block) => {
    expect(parts(part)).toEqual([{ role: 'user', content: [block] }]);
  });
});

describe('tools', () => {
  const tools = [
    tool('look', { description: 'looks', parameters: { type: 'object', required: [] } }),
    tool('go'),
  ];
  const offered = [
    { name: 'look', description: 'looks', input_schema: { ...EMPTY_SCHEMA, required: [] } },
    { name: 'go', input_schema: EMPTY_SCHEMA },
  ];
  const oneByOne = { disable_parallel_tool_use: true };

  test.each<[object, object]>([
    [{}, {}],
    [{ tool_choice: 'none' }, { tool_choice: { type: 'none' } }],
    [{ tool_choice: 'auto' }, { tool_choice: { type: 'auto' } }],
    [{ tool_choice: 'required' }, { tool_choice: { type: 'any' } }],
    [{ tool_choice: tool('go') }, { tool_choice: { type: 'tool', name: 'go' } }],
    [{ parallel_tool_calls: true }, {}],
    [{ parallel_tool_calls: false }, { tool_choice: { type: 'auto', ...oneByOne } }],
    [{ parallel_tool_calls: false, tool_choice: 'required' }, { tool_choice: { type: 'any', ...oneByOne } }],
    [{ parallel_tool_calls: false, tool_choice: 'none' }, { tool_choice: { type: 'none' } }],
    [
      { tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('go')] } } },
      { tools: offered.slice(1), tool_choice: { type: 'any' } },
    ],
  ])('%j becomes %j', (fields, settings) => {
    expect(ask({ tools, ...fields })).toEqual({ ...chatToMessages(question), tools: offered, ...settings });
  });

  test('a strict one stays strict', () => {
    expect(ask({ tools: [tool('go', { strict: true })] })['tools']).toMatchObject([{ strict: true }]);
  });
});

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
test.each<[string, object, string]>([
  ['n', { n: 2 }, 'n must be 1'],
  ['a temperature', { temperature: 'hot' }, 'temperature must be'],
  ['an effort', { reasoning_effort: 'toString' }, 'reasoning_effort must be'],
  ['a format', { response_format: { type: 'json_schema', json_schema: {} } }, 'response_format must be'],
  ['messages', { messages: {} }, 'messages must be'],
  ['no messages', { messages: [] }, 'messages must hold'],
  ['instructions alone', { messages: [{ role: 'system', content: 'x' }] }, 'messages must hold'],
  ['a role', { messages: [{ role: 'function', content: 'x' }] }, 'messages.0.role must be'],
  ['no message', { messages: [null] }, 'messages.0.role must be'],
  ['content', user(7), 'messages.0.content must be'],
  ['a part', user(['x']), 'messages.0.content.0 must be'],
  ['audio', user([{ type: 'input_audio' }]), 'messages.0.content.0 must be'],
  ['a text', user([{ type: 'text' }]), 'messages.0.content.0 must have'],
  ['an image', user([{ type: 'image_url' }]), 'messages.0.content.0 must have'],
  ['an address', user([{ type: 'image_url', image_url: 'ftp://x' }]), 'messages.0.content.0 must have'],
  [
    'plain data',
    user([{ type: 'image_url', image_url: 'data:image/png,x' }]),
    'messages.0.content.0 must have',
  ],
  ['an uploaded file', user([{ type: 'file', file: { file_id: 'f' } }]), 'messages.0.content.0 must hold'],
  [
    'a kind of file',
    user([{ type: 'file', file: { file_data: 'data:application/zip;base64,AA' } }]),
    'messages.0.content.0 must be',
  ],
  [
    'a picture of instructions',
    { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: 'https://x' }] }] },
    'messages.0.content must be',
  ],
  ['a call', { messages: [{ role: 'assistant', tool_calls: [{}] }] }, 'messages.0.tool_calls.0 must be'],
  ['a result', { messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.tool_call_id must name'],
  ['functions', { functions: [] }, 'functions must be'],
  ['a custom tool', { tools: [{ type: 'custom', custom: { name: 'x' } }] }, 'tools.0 must be'],
  ['a choice', { tools: [tool('x')], tool_choice: 'any' }, 'tool_choice must be'],
])('%s that cannot be said is the caller’s mistake', (_what, fields, words) => {
  const mistake = (() => {
    try {
      return ask(fields);
    } catch (error) {
      return error;
    }
  })();
  expect(mistake).toMatchObject({ name: 'DomainError', code: 'invalid-request' });
  const { message, errors } = mistake instanceof DomainError ? mistake : { message: '', errors: [] };
  expect([message, ...(errors ?? []).map((error) => `${error.path} ${error.message}`)].join('\n')).toContain(
    words,
  );
});

test('whatever a caller sends, it is translated or refused', () => {
  const junk = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('user', 'assistant', 'tool', 'text', 'auto', 'function'),
  );
  const message = fc.record(
    {
      role: fc.constantFrom('user', 'assistant', 'tool', 'system'),
      content: junk,
      tool_calls: junk,
      tool_call_id: junk,
    },
    { requiredKeys: ['role'] },
  );
  const fields = fc.record(
    {
      messages: fc.oneof(junk, fc.array(message)),
      tools: junk,
      tool_choice: junk,
      stop: junk,
      response_format: junk,
      thinking: junk,
      user: junk,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, (given) => {
      try {
        const { messages } = ask(given);
        expect(JSON.parse(JSON.stringify(messages))).toEqual(messages);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
      }
    }),
  );
});
