import { expect } from 'vitest';
import { z } from 'zod';

const item = z.looseObject({ id: z.string(), type: z.string(), status: z.string() });
const response = z.looseObject({ status: z.string(), output: z.array(item) });
const event = z.looseObject({
  type: z.string(),
  sequence_number: z.int(),
  output_index: z.int().optional(),
  item_id: z.string().optional(),
  delta: z.string().optional(),
  item: item.optional(),
  response: response.optional(),
});
export type ResponseEvent = z.output<typeof event>;
export type Response = z.output<typeof response>;

interface Told {
  id: string;
  words: string;
  isOver: boolean;
}

/** The events in a text of them; each has to name itself twice, and alike. */
export function eventsIn(text: string): ResponseEvent[] {
  if (text === '') return [];
  if (!text.endsWith('\n\n')) throw new Error(`unfinished: ${text}`);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((each) => {
      const [, name, data] = /^event: ([\w.]+)\ndata: ([^\n]*)$/.exec(each) ?? [];
      const parsed = event.parse(JSON.parse(data ?? ''));
      if (parsed.type !== name) throw new Error(`${String(name)} is called ${parsed.type}`);
      return parsed;
    });
}

/** Follows a stream as the vendor documents it, and refuses any other order; the response with which it ended. */
export function accumulate(events: ResponseEvent[]): Response {
  expect(events.map((each) => each.sequence_number)).toEqual(events.map((_, at) => at));
  const [created, inProgress, ...rest] = events;
  for (const [name, each] of [
    ['response.created', created],
    ['response.in_progress', inProgress],
  ] as const) {
    expect(each).toMatchObject({ type: name, response: { status: 'in_progress', output: [] } });
  }
  const last = rest.pop();
  const items: Told[] = [];
  for (const each of rest) follow(items, each);
  expect(last?.type).toBe(`response.${last?.response?.status ?? ''}`);
  if (!last?.response) throw new Error('a response has to end');
  const done = rest.filter(({ type }) => type === 'response.output_item.done');
  if (last.response.status === 'failed') return last.response;
  expect(items.filter(({ isOver }) => !isOver)).toEqual([]);
  const byIndex = done.toSorted((one, other) => (one.output_index ?? 0) - (other.output_index ?? 0));
  expect(last.response.output).toEqual(byIndex.map((each) => each.item));
  return last.response;
}

function follow(items: Told[], each: ResponseEvent): void {
  if (each.type === 'response.output_item.added') {
    items.push(begun(each, items.length));
    return;
  }
  const told = items[each.output_index ?? -1];
  const id = each.item?.id ?? each.item_id;
  if (told?.isOver !== false || told.id !== id) throw refused('no such item is open', each);
  told.words += each.delta ?? '';
  if ((wholeIn(each) ?? told.words) !== told.words) throw refused(`not all of ${told.words}`, each);
  told.isOver = each.type === 'response.output_item.done';
}

function begun(each: ResponseEvent, index: number): Told {
  const { item: added, output_index: at } = each;
  if (at !== index || added?.status !== 'in_progress') throw refused('not the next item', each);
  return { id: added.id, words: '', isOver: false };
}

/** The words of an item where an event tells all of them. */
const wholeIn = (each: ResponseEvent) => each['text'] ?? each['refusal'] ?? each['arguments'];

const refused = (why: string, each: ResponseEvent) => new Error(`${why}: ${JSON.stringify(each)}`);
