import { describe, expect, test } from 'vitest';
import { chatToMessages } from './chat-to-messages.ts';

const question = {
  model: 'claude-sonnet-4-5',
  max_tokens: 4_000,
  messages: [{ role: 'user', content: 'hello' }],
};
const ask = (fields: object) => chatToMessages({ ...question, ...fields });
const look = { type: 'function', function: { name: 'look' } };

describe('thinking', () => {
  const high = { reasoning_effort: 'high' };
  const adaptive = { thinking: { type: 'adaptive', display: 'summarized' } };
  const budget = (tokens: number) => ({ thinking: { type: 'enabled', budget_tokens: tokens } });
  const tools = [look];
  test.each<[string, object, object]>([
    ['claude-opus-5-5', high, { ...adaptive, output_config: { effort: 'high' } }],
    ['claude-opus-5-5', { ...high, temperature: 0.2 }, { ...adaptive, output_config: { effort: 'high' } }],
    ['claude-opus-5-5', { temperature: 0.2, top_p: 0.5 }, {}],
    ['claude-fable-5', { temperature: 0.2 }, {}],
    ['anthropic.claude-opus-4-7-v1', { temperature: 0.2 }, {}],
    ['claude-opus-5', { reasoning_effort: 'none' }, { output_config: { effort: 'low' } }],
    ['claude-opus-5', { reasoning_effort: 'xhigh' }, { ...adaptive, output_config: { effort: 'xhigh' } }],
    ['claude-sonnet-4-6', { reasoning_effort: 'xhigh' }, { ...adaptive, output_config: { effort: 'high' } }],
    ['claude-sonnet-4-6', { reasoning_effort: 'none' }, {}],
    ['claude-sonnet-4-6', { temperature: 0.2 }, { temperature: 0.2 }],
    ['claude-sonnet-4-5', high, budget(2_000)],
    ['claude-sonnet-4-5-20250929', { reasoning_effort: 'low' }, budget(1_024)],
    ['claude-sonnet-4-5', { ...high, temperature: 0.2 }, budget(2_000)],
    ['claude-sonnet-4-5', { ...high, max_tokens: 2_000 }, { max_tokens: 2_000 }],
    ['claude-sonnet-4-5', { reasoning_effort: 'minimal', temperature: 0.2 }, { temperature: 0.2 }],
    ['claude-sonnet-4-20250514', { temperature: 0.2 }, { temperature: 0.2 }],
    ['claude-opus-4-1@20250805', { temperature: 0.2 }, { temperature: 0.2 }],
    ['claude-3-5-sonnet-20241022', { temperature: 0.2 }, { temperature: 0.2 }],
    ['kimi-k3', { temperature: 0.2 }, { temperature: 0.2 }],
    [
      'claude-sonnet-4-5',
      { thinking: { type: 'adaptive' }, temperature: 0.2 },
      { thinking: { type: 'adaptive' } },
    ],
    [
      'claude-sonnet-4-6',
      { thinking: { type: 'disabled' }, temperature: 0.2 },
      { thinking: { type: 'disabled' }, temperature: 0.2 },
    ],
  ])('%s, told %j, is told %j', (model, fields, settings) => {
    expect(ask({ model, ...fields })).toEqual({ ...chatToMessages(question), model, ...settings });
  });

  test('is not asked for where a tool must be called', () => {
    const body = ask({ model: 'claude-sonnet-4-6', ...high, tools, tool_choice: 'required' });
    expect(body).not.toHaveProperty('thinking');
    expect(body['output_config']).toEqual({ effort: 'high' });
    expect(ask({ ...high, tools, tool_choice: look })).not.toHaveProperty('thinking');
  });

  test('is not asked of an older model in the middle of tool use, where it would miss what it thought', () => {
    const messages = [
      ...question.messages,
      { role: 'assistant', tool_calls: [{ ...look, id: 'a' }] },
      { role: 'tool', tool_call_id: 'a', content: 'seen' },
    ];
    expect(ask({ ...high, messages, tools })).not.toHaveProperty('thinking');
    expect(ask({ model: 'claude-opus-5', ...high, messages, tools })).toMatchObject(adaptive);
  });
});
