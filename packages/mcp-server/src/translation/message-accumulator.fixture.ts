import { z } from 'zod';

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.looseObject({ usage: z.looseObject({}) }) }),
  z.object({
    type: z.literal('content_block_start'),
    index: z.int(),
    content_block: z.looseObject({ type: z.string() }),
  }),
  z.object({
    type: z.literal('content_block_delta'),
    index: z.int(),
    delta: z.record(z.string(), z.string()),
  }),
  z.object({ type: z.literal('content_block_stop'), index: z.int() }),
  z.object({ type: z.literal('message_delta'), delta: z.object({}).loose(), usage: z.object({}).loose() }),
  z.object({ type: z.literal('message_stop') }),
]);
export type MessageEvent = z.output<typeof event>;

/** The events in a text of them; each has to name itself twice, and alike. */
export function eventsIn(text: string): MessageEvent[] {
  if (text === '') return [];
  if (!text.endsWith('\n\n')) throw new Error(`unfinished: ${text}`);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((each) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(each) ?? [];
      const parsed = event.parse(JSON.parse(data ?? ''));
      if (parsed.type !== name) throw new Error(`${String(name)} is called ${parsed.type}`);
      return parsed;
    });
}

interface Message {
  content: Record<string, unknown>[];
  usage: object;
  [field: string]: unknown;
}

/** Puts a message together as the vendor's own client does, and refuses an order that is not the documented one. */
export function accumulate(events: MessageEvent[]): Message {
  const [first, ...rest] = events;
  if (first?.type !== 'message_start') throw new Error('a message has to start');
  const message: Message = { ...first.message, content: [] };
  let stage: 'between' | 'block' | 'delta' | 'over' = 'between';
  let json = '';
  const expectStage = (expected: typeof stage, index = message.content.length) => {
    if (stage !== expected) throw new Error(`${expected} expected, not ${stage}`);
    const next = message.content.length - (stage === 'block' ? 1 : 0);
    if (index !== next && expected !== 'delta') throw new Error(`block ${next} expected, not ${index}`);
  };
  for (const each of rest) {
    if (each.type === 'content_block_start') {
      expectStage('between', each.index);
      message.content.push({ ...each.content_block });
      stage = 'block';
      json = '';
    } else if (each.type === 'content_block_delta') {
      expectStage('block', each.index);
      json += addTo(message.content.at(-1) ?? {}, each.delta);
    } else if (each.type === 'content_block_stop') {
      expectStage('block', each.index);
      if (json) Object.assign(message.content.at(-1) ?? {}, { input: JSON.parse(json) });
      stage = 'between';
    } else if (each.type === 'message_delta') {
      expectStage('between');
      Object.assign(message, each.delta, { usage: { ...message.usage, ...each.usage } });
      stage = 'delta';
    } else {
      expectStage('delta');
      stage = 'over';
    }
  }
  expectStage('over');
  return message;
}

/** The part of a tool's input that is not yet an object. */
function addTo(block: Record<string, unknown>, delta: Record<string, string>): string {
  const { text, thinking, partial_json: json = '' } = delta;
  if (text !== undefined) block['text'] = `${String(block['text'])}${text}`;
  if (thinking !== undefined) block['thinking'] = `${String(block['thinking'])}${thinking}`;
  return json;
}
