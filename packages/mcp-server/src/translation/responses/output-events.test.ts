import { expect, test } from 'vitest';
import { closeItems, noOutput, type Output, speak, speakCall } from './output-events.ts';

/** What is told, event by event. */
function toldBy(say: (output: Output) => void): object[] {
  const told: object[] = [];
  const output = noOutput((type, fields) => {
    told.push({ type, ...fields });
    return '';
  }, '42');
  say(output);
  closeItems(output, 'completed');
  return told;
}

test('a call is told with the fields that the vendor documents', () => {
  const place = { item_id: 'fc_42_0', output_index: 0 };
  const item = (status: string, args: string) => ({
    ...{ id: 'fc_42_0', status, type: 'function_call' },
    ...{ call_id: 'c', name: 'look', arguments: args },
  });
  const piece = { index: 0, id: 'c', name: 'look', args: '{}', signature: '' };
  expect(toldBy((output) => speakCall(output, piece))).toEqual([
    { type: 'response.output_item.added', output_index: 0, item: item('in_progress', '') },
    { type: 'response.function_call_arguments.delta', ...place, delta: '{}' },
    { type: 'response.function_call_arguments.done', ...place, name: 'look', arguments: '{}' },
    { type: 'response.output_item.done', output_index: 0, item: item('completed', '{}') },
  ]);
});

test.each([
  [
    'thought',
    { words: 'response.reasoning_text', part: 'response.content_part', field: 'text' },
    { item_id: 'rs_42_0', output_index: 0, content_index: 0 },
    (text: string) => ({ type: 'reasoning_text', text }),
    (content: object[]) => ({ id: 'rs_42_0', type: 'reasoning', summary: [], content }),
  ],
  [
    'summary',
    { words: 'response.reasoning_summary_text', part: 'response.reasoning_summary_part', field: 'text' },
    { item_id: 'rs_42_0', output_index: 0, summary_index: 0 },
    (text: string) => ({ type: 'summary_text', text }),
    (summary: object[]) => ({ id: 'rs_42_0', type: 'reasoning', summary }),
  ],
  [
    'refusal',
    { words: 'response.refusal', part: 'response.content_part', field: 'refusal' },
    { item_id: 'msg_42_0', output_index: 0, content_index: 0 },
    (refusal: string) => ({ type: 'refusal', refusal }),
    (content: object[]) => ({ id: 'msg_42_0', type: 'message', role: 'assistant', content }),
  ],
] as const)('%s is told with the fields that the vendor documents', (kind, names, place, part, item) => {
  const { words, part: parts, field } = names;
  const around = (status: string, content: object[]) => ({
    output_index: 0,
    item: { status, ...item(content) },
  });
  expect(toldBy((output) => speak(output, kind, 'hm'))).toEqual([
    { type: 'response.output_item.added', ...around('in_progress', []) },
    { type: `${parts}.added`, ...place, part: part('') },
    { type: `${words}.delta`, ...place, delta: 'hm' },
    { type: `${words}.done`, ...place, [field]: 'hm' },
    { type: `${parts}.done`, ...place, part: part('hm') },
    { type: 'response.output_item.done', ...around('completed', [part('hm')]) },
  ]);
});
