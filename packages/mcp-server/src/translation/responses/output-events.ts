import type { ToolCall } from '../completion-shape.ts';
import { callOfPiece, type KnownCall } from '../known-call.ts';
import {
  FORMS,
  itemBody,
  type Kind,
  missingArguments,
  newItem,
  type OutputItem,
  type SpokenKind,
  type Status,
} from './output-item.ts';

/** An event, numbered and ready to be written. */
export type Tell = (type: string, fields: object) => string;

interface ToldItem extends OutputItem {
  index: number;
  status: Status;
}

interface ToldCall extends KnownCall {
  /** Arguments that came before its name. */
  held: string;
  /** Once it has a name. */
  item: ToldItem | undefined;
}

/** The output of one streamed response. Its words are kept, since whatever ends is told once more as a whole. */
export interface Output {
  tell: Tell;
  /** What the ids of its items have in common. */
  id: string;
  items: ToldItem[];
  /** What is being said in words; calls are made beside it, several at once. */
  speaking: ToldItem | undefined;
  calls: ToldCall[];
}

export const noOutput = (tell: Tell, id: string): Output => ({
  tell,
  id,
  items: [],
  speaking: undefined,
  calls: [],
});

/** The events for a piece of text, of a refusal or of reasoning. */
export function speak(output: Output, kind: SpokenKind, text: string): string {
  if (text === '') return '';
  const current = output.speaking?.kind === kind ? output.speaking : undefined;
  if (current) return say(output, current, text);
  const events = stopSpeaking(output);
  const item = add(output, kind);
  output.speaking = item;
  return events + begin(output, item) + say(output, item, text);
}

/** The events for a piece of a call, which is told once it has a name. */
export function speakCall(output: Output, piece: ToolCall): string {
  const call = callOfPiece(output.calls, piece, () => unnamedCall(piece));
  if (call.item) return say(output, call.item, piece.args);
  call.held += piece.args;
  if (call.name === '') return '';
  const events = stopSpeaking(output);
  call.item = add(output, 'call', call);
  return events + begin(output, call.item) + say(output, call.item, call.held);
}

/** The events that end what is open. Where the response was cut off, so was its last item. */
export function closeItems(output: Output, status: Status): string {
  const open = output.items.filter((item) => item.status === 'in_progress');
  output.speaking = undefined;
  return open.map((item) => end(output, item, item === output.items.at(-1) ? status : 'completed')).join('');
}

/** All items; those that are still open will not be whole. */
export const bodiesOf = ({ items }: Output): object[] =>
  items.map((item) => itemBody(item, item.status === 'in_progress' ? 'incomplete' : item.status));

const unnamedCall = ({ index: callIndex }: ToolCall): ToldCall => ({
  callIndex,
  id: '',
  name: '',
  held: '',
  item: undefined,
});

function add({ id, items }: Output, kind: Kind, call?: KnownCall): ToldItem {
  const index = items.length;
  const item: ToldItem = { ...newItem(kind, id, index, call), index, status: 'in_progress' };
  items.push(item);
  return item;
}

function stopSpeaking(output: Output): string {
  const { speaking } = output;
  output.speaking = undefined;
  return speaking ? end(output, speaking, 'completed') : '';
}

function begin({ tell }: Output, item: ToldItem): string {
  const { part } = FORMS[item.kind];
  const added = { output_index: item.index, item: itemBody(item, 'in_progress') };
  const events = tell('response.output_item.added', added);
  return part ? events + tell(`${part.event}.added`, placed(item, { part: part.of('') })) : events;
}

/** Blanks behind the arguments of a call that has ended are nothing. */
function say({ tell }: Output, item: ToldItem, text: string): string {
  if (text === '' || item.status !== 'in_progress') return '';
  const { words } = FORMS[item.kind];
  item.text += text;
  return tell(`${words.event}.delta`, placed(item, { delta: text, ...words.more }));
}

function end(output: Output, item: ToldItem, status: Status): string {
  const { tell } = output;
  const { words, part } = FORMS[item.kind];
  const rest = say(output, item, missingArguments(item));
  item.status = status;
  const named = item.kind === 'call' ? { name: item.name } : {};
  const whole = placed(item, Object.assign(named, { [words.field]: item.text, ...words.more }));
  return [
    rest,
    tell(`${words.event}.done`, whole),
    part ? tell(`${part.event}.done`, placed(item, { part: part.of(item.text) })) : '',
    tell('response.output_item.done', { output_index: item.index, item: itemBody(item, status) }),
  ].join('');
}

/** Where in the response it is; an item has one part. */
function placed({ kind, id, index }: ToldItem, fields: object): object {
  const { part } = FORMS[kind];
  return { item_id: id, output_index: index, ...(part && { [part.index]: 0 }), ...fields };
}
