import { geminiAnswer } from './gemini.ts';
import { type Answer, startStream } from './provider.ts';

/** What an image of newer models was charged as; older ones tell none. */
export const IMAGE_USAGE = {
  input_tokens: 10,
  input_tokens_details: { text_tokens: 10, image_tokens: 0 },
  output_tokens: 200,
  total_tokens: 210,
};

/** One pixel would do: nobody looks at it. */
export const PICTURE = Buffer.from('picture').toString('base64');

/** So many images, https://platform.openai.com/docs/api-reference/images/object. */
export const pictured =
  (count = 1, usage: object | null = IMAGE_USAGE, picture = PICTURE): Answer =>
  (response) => {
    const data = Array.from({ length: count }, () => ({ b64_json: picture }));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ created: 1_700_000_000, data, ...(usage && { usage }) }));
  };

/** One event of https://platform.openai.com/docs/api-reference/images-streaming. */
export const imageEvent = (event: 'partial_image' | 'completed', more: object = {}): string => {
  const type = `image_generation.${event}`;
  return `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: PICTURE, created_at: 1, ...more })}\n\n`;
};

/** A draft, and then the image. */
export const drawn: Answer = (response) => {
  startStream(response);
  response.write(imageEvent('partial_image', { partial_image_index: 0 }));
  response.end(imageEvent('completed', { usage: IMAGE_USAGE }));
};

/** An image as https://ai.google.dev/gemini-api/docs/image-generation gives it, with what else is said. */
export const generatedImage =
  (parts: object[] = [{ inlineData: { mimeType: 'image/png', data: PICTURE } }], finish = 'STOP'): Answer =>
  (response) => {
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 1290, totalTokenCount: 1300 };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(geminiAnswer(parts, { usageMetadata }, finish)));
  };
