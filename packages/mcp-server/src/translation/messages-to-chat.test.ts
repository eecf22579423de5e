import { DomainError } from '@smart-ai-hub/shared/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messagesToChat } from './messages-to-chat.ts';

const hello = { role: 'user', content: 'hello' };
const base = { model: 'm', max_tokens: 50, messages: [hello] };
const chat = (more: object) => messagesToChat({ ...base, ...more });
const messages = (...turns: unknown[]) => chat({ messages: turns })['messages'];
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });
const base64 = (media: string) => ({ type: 'base64', media_type: media, data: 'QUJD' });

test('a thought that was sealed here is the signature of the call behind it; another’s is left out', () => {
  const sealed = (data: string) => ({ type: 'redacted_thinking', data });
  const use = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
  const turn = assistant(sealed('vendor'), use('a'), sealed('google:c2ln'), text('so'), use('b'), use('c'));
  const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
  const signed = { extra_content: { google: { thought_signature: 'c2ln' } } };
  expect(messages(hello, turn)).toEqual([
    hello,
    { role: 'assistant', content: 'so', tool_calls: [call('a'), { ...call('b'), ...signed }, call('c')] },
  ]);
});

test('what both formats have keeps its name; what only Anthropic has is left out', () => {
  const shared = { temperature: 0.5, top_p: 0.9, stream: true };
  const own = { top_k: 5, service_tier: 'auto', container: 'c', cache_control: {}, inference_geo: 'eu' };
  expect(chat({ ...shared, ...own, stop_sequences: [], thinking: null })).toEqual({ ...base, ...shared });
});

test.each([
  [{ system: 'Be brief.' }, { messages: [{ role: 'system', content: 'Be brief.' }, hello] }],
  [
    { system: [text('Be brief.', { cache_control: { type: 'ephemeral' } }), text('Be kind.')] },
    { messages: [{ role: 'system', content: 'Be brief.\nBe kind.' }, hello] },
  ],
  [{ system: '' }, { messages: [hello] }],
  [{ system: [] }, { messages: [hello] }],
  [{ stop_sequences: ['END'] }, { stop: ['END'] }],
  [{ metadata: { user_id: 'user-1_a' } }, { user: 'user-1_a' }],
  [{ metadata: { user_id: 'x'.repeat(200) } }, { user: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  [{ metadata: { user_id: '{"device":1}' } }, { user: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  [{ metadata: { user_id: null } }, base],
  [{ output_config: { effort: 'xhigh' } }, { reasoning_effort: 'xhigh' }],
  [{ output_config: { effort: 'low' }, thinking: { type: 'adaptive' } }, { reasoning_effort: 'low' }],
  [{ output_config: { effort: 'low' }, thinking: { type: 'disabled' } }, base],
  [{ thinking: { type: 'adaptive' } }, base],
  [{ thinking: { type: 'enabled', budget_tokens: 1_024 } }, { reasoning_effort: 'low' }],
  [{ thinking: { type: 'enabled', budget_tokens: 4_096 } }, { reasoning_effort: 'medium' }],
  [{ thinking: { type: 'enabled', budget_tokens: 16_384 } }, { reasoning_effort: 'high' }],
])('%j becomes %j', (fields, expected) => {
  expect(chat(fields)).toEqual({ ...base, ...expected });
});

const closed = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
const open = { type: 'object', properties: { a: { type: 'string' } } };
const format = (schema: object, strict: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, ...strict } },
});

test.each([
  [{ output_config: { format: { type: 'json_schema', schema: closed } } }, format(closed, { strict: true })],
  [{ output_config: { format: { type: 'json_schema', schema: open } } }, format(open, {})],
  [{ output_format: { type: 'json_schema', schema: open } }, format(open, {})],
])('%j is wished for in the other words', (fields, expected) => {
  expect(chat(fields)).toEqual({ ...base, ...expected });
});

const tool = { name: 'look', input_schema: open };
const looking = { name: 'look', parameters: open };
const TOOLS = { tools: [{ type: 'function', function: looking }] };
const named = { type: 'function', function: { name: 'look' } };

test.each([
  [{ tools: [tool] }, TOOLS],
  [
    { tools: [{ ...tool, type: 'custom', description: 'Looks', cache_control: {}, strict: true }] },
    { tools: [{ type: 'function', function: { ...looking, description: 'Looks' } }] },
  ],
  [
    { tools: [{ ...tool, input_schema: closed, strict: true }] },
    { tools: [{ type: 'function', function: { name: 'look', parameters: closed, strict: true } }] },
  ],
  [
    { tools: [tool], tool_choice: { type: 'auto' } },
    { ...TOOLS, tool_choice: 'auto' },
  ],
  [
    { tools: [tool], tool_choice: { type: 'any' } },
    { ...TOOLS, tool_choice: 'required' },
  ],
  [
    { tools: [tool], tool_choice: { type: 'none' } },
    { ...TOOLS, tool_choice: 'none' },
  ],
  [
    { tools: [tool], tool_choice: { type: 'tool', name: 'look' } },
    { ...TOOLS, tool_choice: named },
  ],
  [
    { tools: [tool], tool_choice: { type: 'any', disable_parallel_tool_use: true } },
    { ...TOOLS, tool_choice: 'required', parallel_tool_calls: false },
  ],
  [{ tools: [], tool_choice: { type: 'auto' } }, {}],
])('the tools %j become %j', (fields, expected) => {
  expect(chat(fields)).toEqual({ ...base, ...expected });
});

test.each([
  ['two texts', user(text('a'), text('b')), [{ role: 'user', content: [text('a'), text('b')] }]],
  ['one text', user(text('a', { cache_control: {} })), [{ role: 'user', content: 'a' }]],
  ['nothing', user(), []],
  ['a system turn', { role: 'system', content: [text('a')] }, [{ role: 'system', content: 'a' }]],
  [
    'pictures',
    user(
      { type: 'image', source: base64('image/png') },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ),
    [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
        ],
      },
    ],
  ],
  [
    'a PDF',
    user({ type: 'document', title: 'Plan', context: 'old', source: base64('application/pdf') }),
    [
      {
        role: 'user',
        content: [
          text('old'),
          { type: 'file', file: { filename: 'Plan.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
        ],
      },
    ],
  ],
  [
    'documents of text',
    user(
      { type: 'document', title: 'Plan', source: { type: 'text', media_type: 'text/plain', data: 'a' } },
      { type: 'document', source: { type: 'content', content: [text('b')] } },
    ),
    [{ role: 'user', content: [text('Plan'), text('a'), text('b')] }],
  ],
  [
    'a search result',
    user({ type: 'search_result', source: 'https://a', title: 'A', content: [text('b')] }),
    [{ role: 'user', content: [text('A\nhttps://a'), text('b')] }],
  ],
])('of a user, %s', (_, turn, expected) => {
  expect(messages(turn)).toEqual(expected);
});

const result = (id: string, more: object) => ({ type: 'tool_result', tool_use_id: id, ...more });
const told = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content });

test.each([
  ['a string', user(result('c', { content: 'sunny' })), [told('c', 'sunny')]],
  ['blocks', user(result('c', { content: [text('a'), text('b')] })), [told('c', 'a\nb')]],
  ['nothing', user(result('c', {})), [told('c', '')]],
  ['a failure', user(result('c', { content: 'no', is_error: true })), [told('c', 'Error: no')]],
  [
    'two, between the words of the user',
    user(text('so'), result('c', { content: 'a' }), text('go on'), result('d', { content: 'b' })),
    [told('c', 'a'), told('d', 'b'), { role: 'user', content: [text('so'), text('go on')] }],
  ],
  [
    'a picture',
    user(result('c', { content: [text('a'), { type: 'image', source: base64('image/png') }] }), text('and?')),
    [
      told('c', 'a\nWhat it shows follows.'),
      {
        role: 'user',
        content: [
          text('The tool call c shows:'),
          { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
          text('and?'),
        ],
      },
    ],
  ],
])('the result of a tool, %s', (_, turn, expected) => {
  expect(messages(turn)).toEqual(expected);
});

const use = (id: string, input?: unknown) => ({ type: 'tool_use', id, name: 'look', input });
const called = (id: string, args: string) => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: args },
});

test.each([
  ['a string', { role: 'assistant', content: 'a' }, [{ role: 'assistant', content: 'a' }]],
  ['texts that belong together', assistant(text('a '), text('b')), [{ role: 'assistant', content: 'a b' }]],
  [
    'calls',
    assistant(text('a'), use('c', { up: 1 }), use('d')),
    [{ role: 'assistant', content: 'a', tool_calls: [called('c', '{"up":1}'), called('d', '{}')] }],
  ],
  [
    'a call alone',
    assistant(use('c', {})),
    [{ role: 'assistant', content: null, tool_calls: [called('c', '{}')] }],
  ],
  [
    'thinking and what the vendor did itself',
    assistant(
      { type: 'thinking', thinking: 'hm', signature: 'x' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      text('a'),
    ),
    [{ role: 'assistant', content: 'a' }],
  ],
  ['nothing but thinking', assistant({ type: 'thinking', thinking: 'hm', signature: 'x' }), []],
])('of the assistant, %s', (_, turn, expected) => {
  expect(messages(turn)).toEqual(expected);
});

const file = { type: 'file', file_id: 'f' };

test.each([
  [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'the tool web_search_20250305'],
  [{ tools: [{ type: 'bash_20250124', name: 'bash' }] }, 'the tool bash_20250124'],
  [{ tools: [{ name: 'look' }] }, 'the tool look'],
  [
    { messages: [user(text('a'), { type: 'container_upload', file_id: 'f' })] },
    'a block of type container_upload (messages.0.content.1)',
  ],
  [{ messages: [user({ type: 'toString' })] }, 'a block of type toString (messages.0.content.0)'],
  [{ messages: [assistant({ type: 'compaction' })] }, 'a block of type compaction (messages.0.content.0)'],
  [
    { messages: [user({ type: 'image', source: file })] },
    'an image that is neither base64 nor an https address (messages.0.content.0)',
  ],
  [
    { messages: [user({ type: 'image', source: { type: 'url', url: 'http://127.0.0.1/a' } })] },
    'an image that is neither base64 nor an https address (messages.0.content.0)',
  ],
  [
    { messages: [user({ type: 'document', source: { type: 'url', url: 'https://a/b.pdf' } })] },
    'a document that is only named by address or file (messages.0.content.0)',
  ],
  [{ system: [{ type: 'image', source: base64('image/png') }] }, 'anything but text (system)'],
])('%j is refused: nothing is like %s', (fields, what) => {
  expect(() => chat(fields)).toThrow(
    new DomainError('invalid-request', { detail: `this model's provider has nothing like ${what}` }),
  );
});

test.each([
  [{ messages: 'x' }, 'messages'],
  [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
  [{ messages: [user({ type: 'text' })] }, 'messages.0.content.0.text'],
  [{ messages: [user({ type: 'image', source: { type: 'x' } })] }, 'messages.0.content.0.source.type'],
  [{ messages: [user({ type: 'tool_result' })] }, 'messages.0.content.0.tool_use_id'],
  [{ tools: [tool, { input_schema: {} }] }, 'tools.1.name'],
  [{ tools: [tool], tool_choice: 'auto' }, 'tool_choice'],
  [{ output_config: { format: { type: 'xml' } } }, 'output_config.format.type'],
])('of %j the place of the mistake is named: %s', (fields, path) => {
  const errors = expect.arrayContaining([{ path, message: expect.any(String) }]);
  expect(() => chat(fields)).toThrow(expect.objectContaining({ code: 'invalid-request', errors }));
});

test('whatever is asked, it becomes a request or is refused as one', () => {
  const block = fc.record(
    {
      type: fc.constantFrom('text', 'image', 'document', 'tool_use', 'tool_result', 'thinking', 'x'),
      text: fc.jsonValue(),
      source: fc.oneof(fc.jsonValue(), fc.constant(base64('image/png'))),
      id: fc.jsonValue(),
      name: fc.jsonValue(),
      input: fc.jsonValue(),
      tool_use_id: fc.jsonValue(),
      content: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  const turn = fc.record({
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: fc.oneof(fc.string(), fc.array(block)),
  });
  const fields = fc.record(
    {
      messages: fc.array(turn),
      system: fc.oneof(fc.jsonValue(), fc.array(block)),
      tools: fc.jsonValue(),
      thinking: fc.jsonValue(),
    },
    { requiredKeys: ['messages'] },
  );
  fc.assert(
    fc.property(fields, (asked) => {
      try {
        expect(messagesToChat(asked)['messages']).toBeInstanceOf(Array);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect(error).toMatchObject({ code: 'invalid-request' });
      }
    }),
  );
});
