import { imageUsage } from '@smart-ai-hub/shared/contracts';
import { tokensOf } from '../translation/gemini/gemini-shape.ts';
import { readImages } from '../translation/gemini/images.ts';
import { parseObject, type Usage } from './measure.ts';
import type { AnswerReader } from './answer-reader.ts';

/**
 * OpenAI's images, https://platform.openai.com/docs/api-reference/images: older models report no usage. Each image of a
 * stream ends with an event that tells its own.
 */
export function createImageReader(): AnswerReader {
  let images = 0;
  let usage: Usage | undefined;
  return {
    whole: (answer) => {
      const data: unknown = Reflect.get(answer, 'data');
      return Array.isArray(data) ? { said: '', images: data.length, usage: usageOf(answer) } : undefined;
    },
    event: (data) => {
      const part = parseObject(data);
      const finishes = part !== undefined && Reflect.get(part, 'type') === 'image_generation.completed';
      if (finishes) {
        images += 1;
        usage = sumOf(usage, usageOf(part));
      }
      return { text: '', usage, images, finishes, onlyUsage: false };
    },
  };
}

/** Google's images; throws where there are none. */
export const geminiImageReader: Pick<AnswerReader, 'whole'> = {
  whole: (given) => {
    const { images, counts } = readImages(given);
    return { said: '', images: images.length, usage: counts && tokensOf(counts) };
  },
};

function usageOf(answer: object): Usage | undefined {
  const { data } = imageUsage.safeParse(Reflect.get(answer, 'usage'));
  return data && { promptTokens: data.input_tokens, completionTokens: data.output_tokens };
}

const sumOf = (before: Usage | undefined, now: Usage | undefined): Usage | undefined =>
  before && now
    ? {
        promptTokens: before.promptTokens + now.promptTokens,
        completionTokens: before.completionTokens + now.completionTokens,
      }
    : (now ?? before);
