import { embeddingUsage, type ProviderFormat } from '@smart-ai-hub/shared/contracts';
import type { Service } from '../providers/provider.ts';
import type { AnswerReader, Heard } from './answer-reader.ts';
import { createGeminiReader, geminiEmbeddingReader } from './gemini-reader.ts';
import { createImageReader, geminiImageReader } from './image-reader.ts';
import { createMessageReader } from './message-reader.ts';
import { finishes, parseObject, textOf, usageOf } from './measure.ts';

const DONE = '[DONE]';
const NOTHING: Heard = { text: '', usage: undefined, finishes: false, onlyUsage: false };

/** OpenAI's chat completions. */
const chatReader: AnswerReader = {
  whole: (answer) =>
    Array.isArray(Reflect.get(answer, 'choices'))
      ? { said: textOf(answer), usage: usageOf(answer) }
      : undefined,
  event: (data) => {
    const part = data === DONE ? undefined : parseObject(data);
    if (!part) return { ...NOTHING, finishes: data === DONE };
    const usage = usageOf(part);
    const choices: unknown = Reflect.get(part, 'choices');
    const onlyUsage = usage !== undefined && Array.isArray(choices) && choices.length === 0;
    return { text: textOf(part), usage, finishes: finishes(part), onlyUsage };
  },
};

/** OpenAI's embeddings, which say nothing: what they cost is what was sent. */
const embeddingReader: Pick<AnswerReader, 'whole'> = {
  whole: (answer) => {
    if (!Array.isArray(Reflect.get(answer, 'data'))) return undefined;
    const usage = embeddingUsage.safeParse(Reflect.get(answer, 'usage'));
    return {
      said: '',
      usage: usage.success ? { promptTokens: usage.data.prompt_tokens, completionTokens: 0 } : undefined,
    };
  },
};

const READERS: Record<ProviderFormat, () => AnswerReader> = {
  openai: () => chatReader,
  anthropic: createMessageReader,
  gemini: createGeminiReader,
};

/** A reader for one stream; vectors have none. */
export const streamReaderOf = (format: ProviderFormat, service: Service): AnswerReader =>
  service === 'image' ? createImageReader() : READERS[format]();

/** A reader for one whole answer; Anthropic's format has neither vectors nor images. */
export const wholeReaderOf = (format: ProviderFormat, service: Service): Pick<AnswerReader, 'whole'> =>
  WHOLE[service](format);

const WHOLE: Record<Service, (format: ProviderFormat) => Pick<AnswerReader, 'whole'>> = {
  chat: (format) => READERS[format](),
  embedding: (format) => (format === 'gemini' ? geminiEmbeddingReader : embeddingReader),
  image: (format) => (format === 'gemini' ? geminiImageReader : createImageReader()),
};
