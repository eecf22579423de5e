import { parseObject } from '../../completions/measure.ts';
import { fieldsOf, invalid, listOf } from '../chat-fields.ts';
import { inputOf } from '../chat-turns.ts';
import { needsSignatures } from './gemini-thinking.ts';
import { type Part, partsOf, textParts } from './parts.ts';
import { NO_SIGNATURE, signatureOf } from './thought-signature.ts';

export interface Content {
  role: 'user' | 'model';
  parts: Part[];
}

interface Conversation {
  system: Part[];
  contents: Content[];
  /** Names of the calls so far, by their ids: Gemini wants a result to tell both. */
  called: Map<string, string>;
  needsSignatures: boolean;
}

/**
 * The messages of a chat as the contents of https://ai.google.dev/api/generate-content. Instructions are gathered in
 * front; consecutive messages of one side are one turn, so that the results of parallel calls stand together
 * (https://ai.google.dev/gemini-api/docs/function-calling).
 */
export function conversationOf(body: Record<string, unknown>) {
  const conversation: Conversation = {
    system: [],
    contents: [],
    called: new Map(),
    needsSignatures: needsSignatures(body),
  };
  for (const [index, message] of listOf(body['messages'], 'messages').entries()) {
    add(conversation, fieldsOf(message), `messages.${index}`);
  }
  const { system, contents } = conversation;
  if (contents.length === 0)
    throw invalid('messages', 'must hold something that a user or the assistant says');
  return { system, contents };
}

function add(conversation: Conversation, message: Record<string, unknown>, path: string): void {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      conversation.system.push(...instructions(content, `${path}.content`));
      return;
    case 'user':
      join(conversation, 'user', partsOf(content, `${path}.content`));
      return;
    case 'assistant':
      join(conversation, 'model', modelParts(conversation, message, path));
      return;
    case 'tool':
      join(conversation, 'user', resultParts(conversation, message, path));
      return;
    default:
      throw invalid(`${path}.role`, 'must be system, developer, user, assistant or tool for this model');
  }
}

function join({ contents }: Conversation, role: Content['role'], parts: Part[]): void {
  if (parts.length === 0) return;
  const last = contents.at(-1);
  if (last?.role !== role) contents.push({ role, parts });
  else for (const part of parts) last.parts.push(part);
}

function instructions(content: unknown, path: string): Part[] {
  const parts = partsOf(content, path);
  if (parts.every((part) => 'text' in part)) return parts;
  throw invalid(path, 'must be text');
}

/** Reasoning is not sent back: what Gemini needs of it is in the signature of a call. */
function modelParts(conversation: Conversation, message: Record<string, unknown>, path: string): Part[] {
  const { content, refusal, tool_calls: calls } = message;
  return [
    ...partsOf(content, `${path}.content`),
    ...(typeof refusal === 'string' ? textParts(refusal) : []),
    ...listOf(calls, `${path}.tool_calls`).map((call, index) =>
      callPart(conversation, fieldsOf(call), { path: `${path}.tool_calls.${index}`, isFirst: index === 0 }),
    ),
  ];
}

/** Of calls that were made at once, Gemini signs the first. */
function callPart(
  { called, needsSignatures: isNeeded }: Conversation,
  call: Record<string, unknown>,
  { path, isFirst }: { path: string; isFirst: boolean },
): Part {
  const { id, function: given } = call;
  const { name, arguments: args } = fieldsOf(given);
  if (typeof id !== 'string' || typeof name !== 'string')
    throw invalid(path, 'must be the call of a function, with its id and name');
  called.set(id, name);
  const thoughtSignature = signatureOf(call) || (isNeeded && isFirst ? NO_SIGNATURE : '');
  return { functionCall: { id, name, args: inputOf(args) }, ...(thoughtSignature && { thoughtSignature }) };
}

/** A result is an object; a text that is none is told as the output. What is no text stands behind it. */
function resultParts({ called }: Conversation, message: Record<string, unknown>, path: string): Part[] {
  const { tool_call_id: id, content } = message;
  const name = typeof id === 'string' ? called.get(id) : undefined;
  if (name === undefined) throw invalid(`${path}.tool_call_id`, 'must name the call that is answered');
  const parts = partsOf(content, `${path}.content`);
  const output = parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n');
  const response = parseObject(output) ?? { output };
  return [{ functionResponse: { id, name, response } }, ...parts.filter((part) => !('text' in part))];
}
