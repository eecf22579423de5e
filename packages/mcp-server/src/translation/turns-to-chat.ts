import { z } from 'zod';
import {
  type Block,
  blockParts,
  type Content,
  content,
  isText,
  type Part,
  partsOf,
  textOf,
  textPart,
} from './blocks-to-parts.ts';
import { signatureIn, signed } from './gemini/thought-signature.ts';
import { cannotSend, readPart } from './read-request.ts';

export const turn = z.looseObject({ role: z.enum(['user', 'assistant', 'system']), content });

type Turn = z.output<typeof turn>;

const toolUse = z.looseObject({ id: z.string(), name: z.string(), input: z.unknown().optional() });
const toolResult = z.looseObject({
  tool_use_id: z.string(),
  content: content.nullish(),
  is_error: z.boolean().nullish(),
});

/** The system prompt; its blocks one a line, as the vendor joins them in the other direction. */
export const systemMessage = (given: Content, path: string[]) => ({
  role: 'system',
  content: textOf(onlyText(partsOf(given, path), path)),
});

/**
 * A turn of https://platform.claude.com/docs/en/api/messages as messages of
 * https://platform.openai.com/docs/api-reference/chat/create: each tool's result becomes one of its own.
 */
export function turnToChat({ role, content: given }: Turn, path: string[]): object[] {
  const inside = [...path, 'content'];
  if (role === 'system') return [systemMessage(given, inside)];
  const blocks = typeof given === 'string' ? [{ type: 'text', text: given }] : given;
  return role === 'user' ? userTurn(blocks, inside) : assistantTurn(blocks, inside);
}

function onlyText(parts: Part[], path: string[]): Part[] {
  if (parts.every(isText)) return parts;
  throw cannotSend(`anything but text (${path.join('.')})`);
}

/** Results come first, as the calls that they answer demand; what they show follows with the user's own words. */
function userTurn(blocks: Block[], path: string[]): object[] {
  const results: object[] = [];
  const shown: Part[] = [];
  const own: Part[] = [];
  for (const [at, each] of blocks.entries()) {
    const here = [...path, String(at)];
    if (each.type === 'tool_result') results.push(resultMessage(each, here, shown));
    else own.push(...blockParts(each, here));
  }
  const parts = [...shown, ...own];
  return parts.length === 0 ? results : [...results, { role: 'user', content: shortest(parts) }];
}

/** Not every server of this format knows parts. */
export function shortest(parts: Part[]): string | Part[] {
  const [first, ...more] = parts;
  return first?.type === 'text' && more.length === 0 ? first.text : parts;
}

interface ToolMessage {
  role: 'tool';
  tool_call_id: string;
  content: string;
}

/** OpenAI's results do not tell failure from success. */
function resultMessage(given: Block, path: string[], shown: Part[]): object {
  const { tool_use_id: id, content: result, is_error: failed } = readPart(toolResult, given, path);
  const message = toolMessage(id, partsOf(result ?? [], [...path, 'content']), shown);
  return failed ? { ...message, content: `Error: ${message.content}` } : message;
}

/** What a tool answered, which is text in a chat; what is not is added to `shown`, to be told by the user. */
export function toolMessage(id: string, parts: Part[], shown: Part[]): ToolMessage {
  const pictures = parts.filter((part) => !isText(part));
  if (pictures.length > 0) shown.push(textPart(`The tool call ${id} shows:`), ...pictures);
  const told = pictures.length > 0 ? [...parts.filter(isText), textPart('What it shows follows.')] : parts;
  return { role: 'tool', tool_call_id: id, content: textOf(told) };
}

function assistantTurn(blocks: Block[], path: string[]): object[] {
  const said: Part[] = [];
  const calls: object[] = [];
  let signature = ''; // of the call that comes next
  for (const [at, each] of blocks.entries()) {
    const here = [...path, String(at)];
    signature ||= signatureIn(each);
    if (each.type === 'tool_use') {
      calls.push({ ...callOf(each, here), ...signed(signature) });
      signature = '';
    } else if (!isOwnWork(each)) said.push(...onlyText(blockParts(each, here), here));
  }
  const text = said.map((part) => textOf([part])).join('');
  if (calls.length > 0) return [{ role: 'assistant', content: text || null, tool_calls: calls }];
  return text ? [{ role: 'assistant', content: text }] : [];
}

/** Thinking, and what the vendor's own servers did for it: signed or sealed, and of no use to another. */
const isOwnWork = ({ type }: Block) =>
  /^(?:thinking|redacted_thinking|(?:server|mcp)_tool_use|\w+_tool_result)$/.test(type);

function callOf(given: Block, path: string[]) {
  const { id, name, input } = readPart(toolUse, given, path);
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } };
}
