import { DomainError, type ImageRequest } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { parseObject } from '../../completions/measure.ts';
import type { ChatBody } from '../../providers/provider.ts';
import { LastingFailure } from '../../providers/provider-failure.ts';
import { expectOneAnswer, invalid } from '../chat-fields.ts';
import { cannotSend } from '../read-request.ts';
import { type Counts, finishReason, readAnswer, tokensOf } from './gemini-shape.ts';

/** https://ai.google.dev/gemini-api/docs/image-generation#aspect_ratios */
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];

/**
 * A request of https://platform.openai.com/docs/api-reference/images/create as one of
 * https://ai.google.dev/gemini-api/docs/image-generation, which gives one image, in the proportions nearest to the size
 * that is asked for. How good it is to be, and in which file format, is not Google's to be told.
 */
export function imageToGemini(request: ImageRequest, model: string): ChatBody {
  expectOneAnswer(request);
  if (request.stream) throw cannotSend('a stream of images');
  if (request['response_format'] === 'url') throw cannotSend('an address of an image');
  if (request['background'] === 'transparent') throw cannotSend('a transparent background');
  const aspectRatio = ratioOf(request.size);
  return {
    model,
    contents: [{ role: 'user', parts: [{ text: request.prompt }] }],
    generationConfig: {
      responseModalities: ['IMAGE'],
      ...(aspectRatio && { imageConfig: { aspectRatio } }),
    },
  };
}

/** The nearest, as the eye measures: by how many times wider it is. */
function ratioOf(size: ImageRequest['size']): string | undefined {
  if (size == null || size === 'auto') return undefined;
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(size) ?? [];
  if (!width || !height) throw invalid('size', 'must be auto, or a width and a height such as 1024x1024');
  const asked = Math.log(Number(width) / Number(height));
  const distance = (ratio: string) => {
    const [wide = 1, high = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log(wide / high) - asked);
  };
  return RATIOS.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
}

const imagePart = z.object({
  thought: z.boolean().catch(false),
  inlineData: z.object({ mimeType: z.string(), data: z.string().min(1) }),
});

const withParts = z.object({
  candidates: z.array(z.object({ content: z.object({ parts: z.array(z.unknown()) }) })).min(1),
});

interface GeminiImages {
  images: { mimeType: string; data: string }[];
  counts: Counts | undefined;
}

/**
 * The images of an answer, without the drafts among its thoughts. Throws `invalid-request` where Google held them back,
 * and `provider-failed` where there are none for another reason.
 */
export function readImages(given: object | undefined): GeminiImages {
  const answer = readAnswer(given);
  if (finishReason(answer, false) === 'content_filter')
    throw new DomainError('invalid-request', {
      detail: `the provider held the image back: ${answer.refusal || answer.stop}`,
    });
  const { candidates = [] } = withParts.safeParse(given).data ?? {};
  const parts = candidates[0]?.content.parts ?? [];
  const images = parts.flatMap((part) => {
    const { data } = imagePart.safeParse(part);
    return data && !data.thought ? [data.inlineData] : [];
  });
  if (images.length > 0) return { images, counts: answer.counts };
  const Failure = answer.stop === '' ? DomainError : LastingFailure;
  throw new Failure('provider-failed', { detail: 'the provider answered without an image' });
}

/** An answer with images as https://platform.openai.com/docs/api-reference/images/object has it. */
export function geminiToImages(text: string): string {
  const { images, counts } = readImages(parseObject(text));
  const [, format] = /^image\/(png|jpeg|webp)$/.exec(images[0]?.mimeType ?? '') ?? [];
  return JSON.stringify({
    created: Math.floor(Date.now() / 1000),
    data: images.map(({ data }) => ({ b64_json: data })),
    ...(format && { output_format: format }),
    ...(counts && { usage: usageOf(counts) }),
  });
}

/** What was sent was words alone; thinking is output. */
function usageOf(counts: Counts): object {
  const { promptTokens, completionTokens } = tokensOf(counts);
  return {
    input_tokens: promptTokens,
    input_tokens_details: { text_tokens: promptTokens, image_tokens: 0 },
    output_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
