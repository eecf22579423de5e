import type { Said, ToolCall } from '../completion-shape.ts';

export type SpokenKind = 'thought' | 'summary' | 'text' | 'refusal';
export type Kind = SpokenKind | 'call';
export type Status = 'in_progress' | 'completed' | 'incomplete';

/** Something that a model put out, as far as it has come. A message here has one part: the text, or the refusal. */
export interface OutputItem {
  kind: Kind;
  id: string;
  /** What was said, or the arguments of a call. */
  text: string;
  /** Of a call only. */
  callId: string;
  name: string;
}

interface Form {
  /** What its id begins with. */
  prefix: 'rs' | 'msg' | 'fc';
  /** What the events of its words are called before `.delta` and `.done`, and where `.done` has the words. */
  words: { event: string; field: 'text' | 'refusal' | 'arguments'; more?: object };
  /** The part that holds the words; a call has none. */
  part?: { event: string; index: 'content_index' | 'summary_index'; of: (text: string) => object };
  /** What else the item says, around its parts. */
  item: (parts: object[], item: OutputItem) => object;
}

const message = (content: object[]) => ({ type: 'message', role: 'assistant', content });

/** The kinds of items, as https://platform.openai.com/docs/api-reference/responses-streaming names what is told of them. */
export const FORMS: Record<Kind, Form> = {
  thought: {
    prefix: 'rs',
    words: { event: 'response.reasoning_text', field: 'text' },
    part: {
      event: 'response.content_part',
      index: 'content_index',
      of: (text) => ({ type: 'reasoning_text', text }),
    },
    item: (content) => ({ type: 'reasoning', summary: [], content }),
  },
  summary: {
    prefix: 'rs',
    words: { event: 'response.reasoning_summary_text', field: 'text' },
    part: {
      event: 'response.reasoning_summary_part',
      index: 'summary_index',
      of: (text) => ({ type: 'summary_text', text }),
    },
    item: (summary) => ({ type: 'reasoning', summary }),
  },
  text: {
    prefix: 'msg',
    words: { event: 'response.output_text', field: 'text', more: { logprobs: [] } },
    part: {
      event: 'response.content_part',
      index: 'content_index',
      of: (text) => ({ type: 'output_text', text, annotations: [], logprobs: [] }),
    },
    item: message,
  },
  refusal: {
    prefix: 'msg',
    words: { event: 'response.refusal', field: 'refusal' },
    part: {
      event: 'response.content_part',
      index: 'content_index',
      of: (refusal) => ({ type: 'refusal', refusal }),
    },
    item: message,
  },
  call: {
    prefix: 'fc',
    words: { event: 'response.function_call_arguments', field: 'arguments' },
    item: (_parts, { callId, name, text }) => ({
      type: 'function_call',
      call_id: callId,
      name,
      arguments: text,
    }),
  },
};

/** An item that nothing was said of yet; it is the `index`th of its response. */
export function newItem(
  kind: Kind,
  response: string,
  index: number,
  call?: Pick<ToolCall, 'id' | 'name'>,
): OutputItem {
  const id = `${FORMS[kind].prefix}_${response}_${index}`;
  const { id: callId = '', name = '' } = call ?? {};
  return { kind, id, text: '', callId: callId || `call_${response}_${index}`, name };
}

/** An item as the response shows it. One that has just begun has no parts yet. */
export function itemBody(item: OutputItem, status: Status): object {
  const { part, item: around } = FORMS[item.kind];
  const parts = part && status !== 'in_progress' ? [part.of(item.text)] : [];
  return { id: item.id, status, ...around(parts, item) };
}

/** A call without arguments is one with an empty object: whoever reads them wants to parse them. */
export const missingArguments = ({ kind, text }: OutputItem): string =>
  kind === 'call' && text.trim() === '' ? '{}' : '';

/** What was said in words, in the order in which a response tells it. */
export const spokenIn = ({ thinking, text, refusal }: Said, summarizes: boolean): [SpokenKind, string][] => [
  [summarizes ? 'summary' : 'thought', thinking],
  ['text', text],
  ['refusal', refusal],
];
