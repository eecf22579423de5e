import { z } from 'zod';
import { cannotSend, readPart } from './read-request.ts';

const block = z.looseObject({ type: z.string() });
export const content = z.union([z.string(), z.array(block)]);

export type Block = z.output<typeof block>;
export type Content = z.output<typeof content>;

/** A content part of https://platform.openai.com/docs/api-reference/chat/create. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string; detail?: string } }
  | { type: 'file'; file: { filename: string; file_data: string } };

const textBlock = z.looseObject({ text: z.string() });
const source = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
  z.looseObject({ type: z.literal('text'), data: z.string() }),
  z.looseObject({ type: z.literal('content'), content }),
  z.looseObject({ type: z.literal('file'), file_id: z.string() }),
]);
const imageBlock = z.looseObject({ source });
const documentBlock = z.looseObject({
  source,
  title: z.string().nullish(),
  context: z.string().nullish(),
});
const searchResultBlock = z.looseObject({ source: z.string(), title: z.string(), content });

const READERS = new Map<string, (block: Block, path: string[]) => Part[]>([
  ['text', (given, path) => [textPart(readPart(textBlock, given, path).text)]],
  ['image', imageParts],
  ['document', documentParts],
  ['search_result', searchResultParts],
]);

/**
 * What a user said or showed (https://platform.claude.com/docs/en/build-with-claude/working-with-messages, …/vision,
 * …/pdf-support, …/search-results), part by part. Throws `invalid-request` for what the other format has no place
 * for: left out, it would be missed.
 */
export function partsOf(given: Content, path: string[]): Part[] {
  if (typeof given === 'string') return [textPart(given)];
  return given.flatMap((each, at) => blockParts(each, [...path, String(at)]));
}

export function blockParts(given: Block, path: string[]): Part[] {
  const read = READERS.get(given.type);
  if (!read) throw cannotSend(`a block of type ${given.type} (${path.join('.')})`);
  return read(given, path);
}

export const isText = (part: Part) => part.type === 'text';

/** All that is text, one part a line. */
export const textOf = (parts: Part[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');

export const textPart = (text: string): Part => ({ type: 'text', text });

function imageParts(given: Block, path: string[]): Part[] {
  const { source: from } = readPart(imageBlock, given, path);
  if (from.type === 'base64') return [imagePart(`data:${from.media_type};base64,${from.data}`)];
  if (from.type === 'url' && from.url.startsWith('https://')) return [imagePart(from.url)];
  throw cannotSend(`an image that is neither base64 nor an https address (${path.join('.')})`);
}

const imagePart = (url: string): Part => ({ type: 'image_url', image_url: { url } });

function documentParts(given: Block, path: string[]): Part[] {
  const { source: from, title, context } = readPart(documentBlock, given, path);
  const about = context ? [textPart(context)] : [];
  if (from.type === 'base64') {
    const file = { filename: fileName(title), file_data: `data:${from.media_type};base64,${from.data}` };
    return [...about, { type: 'file', file }];
  }
  const heading = title ? [textPart(title)] : [];
  if (from.type === 'text') return [...heading, ...about, textPart(from.data)];
  if (from.type === 'content')
    return [...heading, ...about, ...partsOf(from.content, [...path, 'source', 'content'])];
  throw cannotSend(`a document that is only named by address or file (${path.join('.')})`);
}

/** By its ending a vendor knows what it is. */
function fileName(title: string | null | undefined): string {
  const name = title?.replace(/\.pdf$/i, '');
  return name ? `${name}.pdf` : 'document.pdf';
}

function searchResultParts(given: Block, path: string[]): Part[] {
  const { source: from, title, content: found } = readPart(searchResultBlock, given, path);
  return [textPart(`${title}\n${from}`), ...partsOf(found, [...path, 'content'])];
}
