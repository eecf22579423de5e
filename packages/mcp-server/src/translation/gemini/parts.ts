import { fieldsOf, invalid } from '../chat-fields.ts';
import { readDataUrl } from '../data-url.ts';

/** A part of https://ai.google.dev/api/caching#Part. */
export type Part = Record<string, unknown>;

/**
 * The content of a chat message (https://platform.openai.com/docs/api-reference/chat/create) as the parts that Gemini
 * has for it. Empty text is left out: it says nothing, and Gemini refuses it.
 */
export function partsOf(content: unknown, path: string): Part[] {
  if (content == null) return [];
  if (typeof content === 'string') return textParts(content);
  if (!Array.isArray(content)) throw invalid(path, 'must be text or a list of parts');
  return content.flatMap((part: unknown, index) => toParts(fieldsOf(part), `${path}.${index}`));
}

export const textParts = (text: string): Part[] => (text === '' ? [] : [{ text }]);

function toParts(part: Part, path: string): Part[] {
  const { type, image_url: image, file, input_audio: audio } = part;
  switch (type) {
    case 'text':
    case 'refusal': {
      const text = part[type];
      if (typeof text !== 'string') throw invalid(path, 'must have a text');
      return textParts(text);
    }
    case 'image_url':
      return [mediaPart(typeof image === 'string' ? image : fieldsOf(image)['url'], path)];
    case 'file':
      return [filePart(fieldsOf(file)['file_data'], path)];
    case 'input_audio':
      return [audioPart(fieldsOf(audio), path)];
    default:
      throw invalid(path, 'must be a text, an image, an audio or a file for this model');
  }
}

/** Media types that an address does not tell are found out by Google. */
const MEDIA_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
};

/** https://ai.google.dev/gemini-api/docs/file-input-methods: in the request, or at an address that Google fetches. */
function mediaPart(url: unknown, path: string): Part {
  if (typeof url !== 'string') throw invalid(path, 'must have a URL');
  const data = readDataUrl(url);
  if (data) return inlinePart(data.mediaType, data.base64);
  if (!/^https:/i.test(url)) throw invalid(path, 'must have an https URL, or a data URL in base64');
  const [, ending = ''] = /^[^?#]*\.(\w+)(?:[?#]|$)/.exec(url) ?? [];
  const mimeType = MEDIA_TYPES[ending.toLowerCase()];
  return { fileData: { fileUri: url, ...(mimeType && { mimeType }) } };
}

/** OpenAI also takes the bare base64 text, of a PDF. */
function filePart(content: unknown, path: string): Part {
  if (typeof content !== 'string')
    throw invalid(path, 'must hold its file_data: this model knows no uploaded files');
  return /^(?:data|https?):/i.test(content)
    ? mediaPart(content, path)
    : inlinePart('application/pdf', content);
}

/** https://ai.google.dev/gemini-api/docs/audio */
function audioPart({ data, format }: Part, path: string): Part {
  if (typeof data !== 'string' || typeof format !== 'string')
    throw invalid(path, 'must hold its data and format');
  return inlinePart(`audio/${format}`, data);
}

const inlinePart = (mimeType: string, data: string): Part => ({ inlineData: { mimeType, data } });
