import { setImmediate as nextTurn } from 'node:timers/promises';
import { countTokens as count } from 'gpt-tokenizer/encoding/o200k_base';

/**
 * The tokenizer takes quadratic time for a run without a break (27 s for 50,000 Thai letters), so that long
 * runs are cut into pieces; a cut adds at most one token.
 */
const LONG_RUN = /\S{129}|\s{33}/;
const PIECE = /\s{0,32}\S{1,128}|\s{1,32}/g;

/** Characters counted before other requests get their turn. */
const TURN = 16_384;

/** Words that look like control tokens are text here. */
const PLAIN_TEXT = { disallowedSpecial: new Set<string>() };

/** Tokens of o200k_base, the encoding of current OpenAI models; a close estimate for others. */
export async function countTokens(text: string): Promise<number> {
  if (text.length <= TURN && !LONG_RUN.test(text)) return count(text, PLAIN_TEXT);
  let tokens = 0;
  let sinceTurn = 0;
  for (const [piece] of text.matchAll(PIECE)) {
    tokens += count(piece, PLAIN_TEXT);
    sinceTurn += piece.length;
    if (sinceTurn > TURN) {
      await nextTurn();
      sinceTurn = 0;
    }
  }
  return tokens;
}

/** What frames each message, and the answer, in OpenAI's chat format. */
const PER_MESSAGE = 4;
const PER_ANSWER = 3;
/** An image in a message: the higher of the vendor's documented sizes for one tile set. */
const PER_IMAGE = 1105;

/** Tokens of a chat request: its messages with their framing, images, and the tools it offers. */
export async function countChat(body: Record<string, unknown>): Promise<number> {
  const { messages = [], tools, functions, response_format: format } = body;
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  const extras = [tools, functions, format].filter((extra) => extra != null);
  const text = [...list.map(chatText), ...extras.map((extra) => JSON.stringify(extra))].join('\n');
  const images = list.flatMap(parts).filter((part) => fieldsOf(part)['type'] === 'image_url').length;
  return (await countTokens(text)) + list.length * PER_MESSAGE + images * PER_IMAGE + PER_ANSWER;
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
