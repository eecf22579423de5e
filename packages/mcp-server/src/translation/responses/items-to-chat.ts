import { z } from 'zod';
import type { Part } from '../blocks-to-parts.ts';
import { invalid } from '../chat-fields.ts';
import { readPart } from '../read-request.ts';
import { shortest, toolMessage } from '../turns-to-chat.ts';
import { content, partsIn } from './input-parts.ts';

/** A message of https://platform.openai.com/docs/api-reference/chat/create. */
interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | Part[] | null;
  refusal?: string;
  tool_calls?: object[];
  tool_call_id?: string;
}

interface Conversation {
  messages: ChatMessage[];
  /** What results of tools show beside their text; the user shows it behind the last of them. */
  shown: Part[];
}

type ItemReader = (conversation: Conversation, item: unknown, path: string[]) => void;

const item = z.looseObject({ type: z.string().nullish(), role: z.string().nullish() });

const READERS = new Map<string, ItemReader>([
  ['message', addMessage],
  ['function_call', addCall],
  ['function_call_output', addResult],
  ['reasoning', () => undefined], // a chat takes none back, and what a vendor sealed is of no use to another
]);

/**
 * The input of https://platform.openai.com/docs/api-reference/responses/create as the messages of a chat: calls belong
 * to the turn that made them. Throws `invalid-request` for items that only the vendor's own servers can read.
 */
export function itemsToChat(input: string | unknown[]): ChatMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const conversation: Conversation = { messages: [], shown: [] };
  for (const [at, each] of input.entries()) add(conversation, each, ['input', String(at)]);
  showRest(conversation);
  return conversation.messages;
}

function add(conversation: Conversation, given: unknown, path: string[]): void {
  const { type, role } = readPart(item, given, path);
  const kind = type ?? (role == null ? 'item_reference' : 'message');
  const read = READERS.get(kind);
  if (!read) throw invalid(path.join('.'), whyNot(kind));
  if (kind !== 'function_call_output') showRest(conversation);
  read(conversation, given, path);
}

const whyNot = (kind: string) =>
  kind === 'item_reference'
    ? 'must be the item itself: the hub keeps no answers to refer to'
    : `must be a message, a function call or its output: the hub has nothing like ${kind}`;

function showRest({ messages, shown }: Conversation): void {
  if (shown.length > 0) messages.push({ role: 'user', content: shown.splice(0) });
}

const message = z.looseObject({ role: z.enum(['user', 'assistant', 'system', 'developer']), content });

/** `system` is what every server knows; OpenAI takes it for `developer` where a model wants that. */
function addMessage(conversation: Conversation, given: unknown, path: string[]): void {
  const { role, content: said } = readPart(message, given, path);
  const inside = [...path, 'content'];
  if (role === 'assistant') addWords(conversation, said, inside);
  else {
    const parts = shortest(partsIn(said, inside));
    conversation.messages.push({ role: role === 'user' ? 'user' : 'system', content: parts });
  }
}

const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });

/** What stands behind a call belongs to its turn: in a chat the results have to follow at once. */
function addWords({ messages }: Conversation, said: z.output<typeof content>, path: string[]): void {
  const parts = typeof said === 'string' ? [{ type: 'output_text', text: said }] : said;
  const spoken = parts.filter(({ type }) => type !== 'refusal');
  const refusals = parts.filter(({ type }) => type === 'refusal');
  const text = partsIn(spoken, path)
    .map((part) => textIn(part, path))
    .join('');
  const refusal = refusals.map((part) => readPart(refusalPart, part, path).refusal).join('');
  if (text === '' && refusal === '') return;
  const last = messages.at(-1);
  if (last?.tool_calls && refusal === '') last.content = `${textBefore(last)}${text}`;
  else messages.push({ role: 'assistant', content: text || null, ...(refusal && { refusal }) });
}

const textBefore = ({ content: before }: ChatMessage) => (typeof before === 'string' ? before : '');

function textIn(part: Part, path: string[]): string {
  if (part.type === 'text') return part.text;
  throw invalid(path.join('.'), 'must be text: the assistant shows nothing');
}

const call = z.looseObject({ call_id: z.string(), name: z.string(), arguments: z.string() });

function addCall({ messages }: Conversation, given: unknown, path: string[]): void {
  const { call_id: id, name, arguments: args } = readPart(call, given, path);
  const called = { id, type: 'function', function: { name, arguments: args } };
  const last = messages.at(-1);
  if (last?.role === 'assistant') (last.tool_calls ??= []).push(called);
  else messages.push({ role: 'assistant', content: null, tool_calls: [called] });
}

const result = z.looseObject({ call_id: z.string(), output: content });

function addResult({ messages, shown }: Conversation, given: unknown, path: string[]): void {
  const { call_id: id, output } = readPart(result, given, path);
  messages.push(toolMessage(id, partsIn(output, [...path, 'output']), shown));
}
