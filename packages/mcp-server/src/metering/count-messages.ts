import { countTokens, PER_ANSWER, PER_IMAGE, PER_MESSAGE } from './tokens.ts';

/** Tokens of a request in Anthropic's format: system, messages with their framing, images, and the tools it offers. */
export async function countMessages(body: Record<string, unknown>): Promise<number> {
  const { system, messages = [], tools } = body;
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  const content = list.map((message) => fieldsOf(message)['content']);
  const text = [system, ...content, tools].map(textOf).join('\n');
  const images = imagesOfMessages(body);
  return (await countTokens(text)) + list.length * PER_MESSAGE + images * PER_IMAGE + PER_ANSWER;
}

/** How many images its messages show, with those that tools have answered. */
export function imagesOfMessages({ messages }: Record<string, unknown>): number {
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  return list.flatMap((message) => blocksOf(fieldsOf(message)['content'])).filter(isImage).length;
}

/** All that is read by the model; the bytes of images and documents are not text. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (key, inner: unknown) => (key === 'source' ? undefined : inner));
}

/** Blocks of a message, with those inside the results of tools. */
function blocksOf(content: unknown): unknown[] {
  const blocks: unknown[] = Array.isArray(content) ? content : [];
  return blocks.flatMap((block) => [block, ...blocksOf(fieldsOf(block)['content'])]);
}

const isImage = (block: unknown) => fieldsOf(block)['type'] === 'image';

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
