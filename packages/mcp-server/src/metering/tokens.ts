import { setImmediate as nextTurn } from 'node:timers/promises';
import { countMerged, readRanks } from './byte-pairs.ts';
import { readVocabulary } from './vocabulary.ts';

const { ranks, pieces } = (() => {
  const vocabulary = readVocabulary();
  return { ranks: readRanks(vocabulary), pieces: new RegExp(vocabulary.pat_str, 'gu') };
})();

/** Characters counted before other requests get their turn; a longer piece is cut there, at a token's cost. */
const TURN = 16_384;

/** Bytes of the piece that is being counted: three for each UTF-16 unit at most. */
const scratch = new Uint8Array(3 * TURN);
const encoder = new TextEncoder();

/**
 * Tokens of o200k_base, the encoding of current OpenAI models; a close estimate for others. Counts no further than
 * `atMost`: what nobody pays for is not worth the time.
 */
export async function countTokens(text: string, atMost = Infinity): Promise<number> {
  if (text.length <= TURN) return Math.min(countNow(text), atMost);
  let tokens = 0;
  for (let start = 0; start < text.length && tokens < atMost;) {
    const end = endOfTurn(text, start);
    tokens += countNow(text.slice(start, end));
    start = end;
    await nextTurn();
  }
  return Math.min(tokens, atMost);
}

/** Control tokens have no meaning here: what looks like one is text. */
function countNow(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(pieces)) {
    const { written } = encoder.encodeInto(piece, scratch);
    tokens += countMerged(ranks, scratch, written);
  }
  return tokens;
}

/** Before a space or a new line where there is one, since no token reaches across; never inside a character. */
function endOfTurn(text: string, start: number): number {
  const end = start + TURN;
  if (end >= text.length) return text.length;
  const half = start + TURN / 2;
  const late = text.slice(half, end + 1);
  const space = Math.max(late.lastIndexOf(' '), late.lastIndexOf('\n'));
  if (space > 0) return half + space;
  const isInCharacter = text.codePointAt(end - 1) !== text.charCodeAt(end - 1);
  return isInCharacter ? end - 1 : end;
}

/** What frames each message, and the answer, in OpenAI's chat format. */
export const PER_MESSAGE = 4;
export const PER_ANSWER = 3;
/** An image in a message: the higher of the vendor's documented sizes for one tile set. */
export const PER_IMAGE = 1105;

/** Tokens of a chat request: its messages with their framing, images, and the tools it offers. */
export async function countChat(body: Record<string, unknown>): Promise<number> {
  const { messages = [], tools, functions, response_format: format } = body;
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  const extras = [tools, functions, format].filter((extra) => extra != null);
  const text = [...list.map(chatText), ...extras.map((extra) => JSON.stringify(extra))].join('\n');
  const images = imagesOfChat(body);
  return (await countTokens(text)) + list.length * PER_MESSAGE + images * PER_IMAGE + PER_ANSWER;
}

/** How many images its messages show. */
export function imagesOfChat({ messages }: Record<string, unknown>): number {
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  return list.flatMap(parts).filter((part) => fieldsOf(part)['type'] === 'image_url').length;
}

/** Everything of a message that is text: content, its text parts, name, tool calls. */
export function chatText(message: unknown): string {
  const { content, tool_calls: calls, name } = fieldsOf(message);
  const texts =
    typeof content === 'string' ? [content] : parts(message).map((part) => fieldsOf(part)['text']);
  const rest = [name, calls == null ? undefined : JSON.stringify(calls)];
  return [...texts, ...rest].filter((text) => typeof text === 'string').join('\n');
}

function parts(message: unknown): unknown[] {
  const { content } = fieldsOf(message);
  return Array.isArray(content) ? content : [];
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
