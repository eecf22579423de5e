import { fieldsOf, invalid } from './chat-fields.ts';
import { type Data, readDataUrl } from './data-url.ts';

/** A content block of the Messages API. */
export type Block = Record<string, unknown> & { type: string };

/**
 * The content of a chat message (https://platform.openai.com/docs/api-reference/chat/create) as content blocks
 * (https://platform.claude.com/docs/en/api/messages). Blank text is left out, since Anthropic refuses it.
 */
export function blocksOf(content: unknown, path: string): Block[] {
  if (content == null) return [];
  if (typeof content === 'string') return textBlocks(content);
  if (!Array.isArray(content)) throw invalid(path, 'must be text or a list of parts');
  return content.flatMap((part: unknown, index) => partBlocks(fieldsOf(part), `${path}.${index}`));
}

export const textBlocks = (text: string): Block[] => (text.trim() === '' ? [] : [{ type: 'text', text }]);

function partBlocks(part: Record<string, unknown>, path: string): Block[] {
  switch (part['type']) {
    case 'text':
    case 'refusal': {
      const text = part[part['type']];
      if (typeof text !== 'string') throw invalid(path, 'must have a text');
      return textBlocks(text);
    }
    case 'image_url':
      return [imageBlock(part['image_url'], path)];
    case 'file':
      return [fileBlock(fieldsOf(part['file']), path)];
    default:
      throw invalid(path, 'must be a text, an image or a file for this model');
  }
}

/** https://platform.claude.com/docs/en/build-with-claude/vision */
function imageBlock(image: unknown, path: string): Block {
  const url = typeof image === 'string' ? image : fieldsOf(image)['url'];
  if (typeof url !== 'string') throw invalid(path, 'must have a URL');
  if (isWeb(url)) return { type: 'image', source: { type: 'url', url } };
  const data = readDataUrl(url);
  if (!data) throw invalid(path, 'must have an https URL, or a data URL in base64');
  return { type: 'image', source: base64Source(data) };
}

/** https://platform.claude.com/docs/en/build-with-claude/pdf-support */
function fileBlock({ file_data: content, filename }: Record<string, unknown>, path: string): Block {
  if (typeof content !== 'string')
    throw invalid(path, 'must hold its file_data: this model knows no uploaded files');
  const title = typeof filename === 'string' && filename !== '' ? { title: filename } : {};
  if (isWeb(content)) return { type: 'document', source: { type: 'url', url: content }, ...title };
  // OpenAI also takes the bare base64 text, of a PDF
  const data = readDataUrl(content) ?? { mediaType: 'application/pdf', base64: content };
  if (data.mediaType.startsWith('image/')) return { type: 'image', source: base64Source(data) };
  if (data.mediaType === 'application/pdf') return { type: 'document', source: base64Source(data), ...title };
  if (!isText(data.mediaType)) throw invalid(path, `must be a PDF, a text or an image for this model`);
  const text = Buffer.from(data.base64, 'base64').toString('utf8');
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
}

const isWeb = (url: string) => /^https?:\/\//i.test(url);
const isText = (mediaType: string) =>
  mediaType.startsWith('text/') || mediaType === 'application/json' || mediaType === 'application/xml';

const base64Source = ({ mediaType, base64 }: Data) => ({
  type: 'base64',
  media_type: mediaType,
  data: base64,
});
