import { parseObject } from '../completions/measure.ts';
import { fieldsOf, invalid, listOf } from './chat-fields.ts';
import { type Block, blocksOf, textBlocks } from './chat-parts.ts';

export interface Turn {
  role: 'user' | 'assistant';
  content: Block[];
}

export interface Conversation {
  /** One text for each message of the system or the developer. */
  system: string[];
  turns: Turn[];
}

/**
 * The messages of a chat as the turns of https://platform.claude.com/docs/en/api/messages. Instructions are gathered
 * in front, as the vendor's own layer does (https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk);
 * consecutive messages of one side are one turn, so that the results of parallel calls stand together
 * (https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls).
 */
export function conversationOf(messages: unknown): Conversation {
  const conversation: Conversation = { system: [], turns: [] };
  for (const [index, message] of listOf(messages, 'messages').entries()) {
    add(conversation, fieldsOf(message), `messages.${index}`);
  }
  if (conversation.turns.length === 0)
    throw invalid('messages', 'must hold something that a user or the assistant says');
  withoutTrailingSpace(conversation.turns.at(-1));
  return conversation;
}

function add({ system, turns }: Conversation, message: Record<string, unknown>, path: string): void {
  switch (message['role']) {
    case 'system':
    case 'developer':
      system.push(...instructions(message, path));
      return;
    case 'user':
      join(turns, 'user', blocksOf(message['content'], `${path}.content`));
      return;
    case 'assistant':
      join(turns, 'assistant', assistantBlocks(message, path));
      return;
    case 'tool':
      join(turns, 'user', [toolResult(message, path)]);
      return;
    default:
      throw invalid(`${path}.role`, 'must be system, developer, user, assistant or tool for this model');
  }
}

function join(turns: Turn[], role: Turn['role'], content: Block[]): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.role !== role) turns.push({ role, content });
  else for (const block of content) last.content.push(block);
}

function instructions({ content }: Record<string, unknown>, path: string): string[] {
  const texts = blocksOf(content, `${path}.content`).map(({ text }) => text);
  const words = texts.filter((text) => typeof text === 'string');
  if (words.length < texts.length) throw invalid(`${path}.content`, 'must be text');
  return words.length > 0 ? [words.join('\n')] : [];
}

/** Reasoning is not sent back: Anthropic takes it only with its signature, for which a chat has no place. */
function assistantBlocks(message: Record<string, unknown>, path: string): Block[] {
  const { content, refusal, tool_calls: calls } = message;
  return [
    ...blocksOf(content, `${path}.content`),
    ...(typeof refusal === 'string' ? textBlocks(refusal) : []),
    ...listOf(calls, `${path}.tool_calls`).map((call, index) =>
      toolUse(fieldsOf(call), `${path}.tool_calls.${index}`),
    ),
  ];
}

function toolUse({ id, function: called }: Record<string, unknown>, path: string): Block {
  const { name, arguments: args } = fieldsOf(called);
  if (typeof id !== 'string' || typeof name !== 'string')
    throw invalid(path, 'must be the call of a function, with its id and name');
  return { type: 'tool_use', id: knownId(id), name, input: inputOf(args) };
}

/**
 * What a model called a tool with. What it garbled is shown to it again, in the wrapping that the vendor recommends
 * (https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming): an empty object would
 * tell it that it had said nothing, and a refusal would end the conversation for good.
 */
export function inputOf(args: unknown): object {
  if (typeof args !== 'string') return fieldsOf(args);
  if (args.trim() === '') return {};
  return parseObject(args) ?? { INVALID_JSON: args };
}

function toolResult(message: Record<string, unknown>, path: string): Block {
  const { tool_call_id: id } = message;
  if (typeof id !== 'string') throw invalid(`${path}.tool_call_id`, 'must name the call that is answered');
  const content = blocksOf(message['content'], `${path}.content`);
  return { type: 'tool_result', tool_use_id: knownId(id), ...(content.length > 0 && { content }) };
}

/** Other vendors' ids hold dots and colons, which Anthropic refuses; call and result are renamed alike. */
const knownId = (id: string) => id.replace(/[^\w-]/g, '_');

/** Anthropic goes on from a last turn of the assistant, and refuses one that ends in a space. */
function withoutTrailingSpace(last: Turn | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (block && typeof block['text'] === 'string') block['text'] = block['text'].trimEnd();
}
