import { z } from 'zod';
import { type Part, textPart } from '../blocks-to-parts.ts';
import { invalid } from '../chat-fields.ts';
import { readPart } from '../read-request.ts';

const part = z.looseObject({ type: z.string() });
export const content = z.union([z.string(), z.array(part)]);

type GivenPart = z.output<typeof part>;

const textShape = z.looseObject({ text: z.string() });
const imageShape = z.looseObject({ image_url: z.string().nullish(), detail: z.string().nullish() });
const fileShape = z.looseObject({ file_data: z.string().nullish(), filename: z.string().nullish() });

const READERS = new Map<string, (given: GivenPart, path: string[]) => Part>([
  ['input_text', (given, path) => textPart(readPart(textShape, given, path).text)],
  ['output_text', (given, path) => textPart(readPart(textShape, given, path).text)],
  ['input_image', imagePart],
  ['input_file', filePart],
]);

/**
 * What a message or the output of a function says or shows, https://platform.openai.com/docs/guides/images and
 * …/guides/pdf-files: the parts of a chat. Throws `invalid-request` for what is only named by an id or an address of a
 * file: the hub keeps no files, and a chat has no place for the address.
 */
export function partsIn(given: z.output<typeof content>, path: string[]): Part[] {
  if (typeof given === 'string') return [textPart(given)];
  return given.map((each, at) => {
    const here = [...path, String(at)];
    const read = READERS.get(each.type);
    if (!read) throw invalid(here.join('.'), 'must be a text, an image or a file');
    return read(each, here);
  });
}

function imagePart(given: GivenPart, path: string[]): Part {
  const { image_url: url, detail } = readPart(imageShape, given, path);
  if (url == null) throw invalid(path.join('.'), 'must have its image_url: the hub keeps no files');
  return { type: 'image_url', image_url: { url, ...(detail != null && { detail: chatDetail(detail) }) } };
}

/** A chat has no word for the size that the image came in. */
const chatDetail = (detail: string) => (detail === 'original' ? 'high' : detail);

function filePart(given: GivenPart, path: string[]): Part {
  const { file_data: data, filename } = readPart(fileShape, given, path);
  if (data == null)
    throw invalid(path.join('.'), 'must hold its file_data: the hub keeps no files and fetches none');
  return { type: 'file', file: { filename: filename ?? 'document.pdf', file_data: data } };
}
