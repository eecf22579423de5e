import { z } from 'zod';
import { microNonNegative } from './fields.ts';
import { MODEL_CAPABILITIES } from './providers.ts';
import { defineContract } from './route.ts';

export const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  /** Tokens in and out together, where somebody has said so. */
  context_length: z.int().nullable(),
  /** Of a request that sets no limit itself. */
  max_output_tokens: z.int(),
  /** What it can do, and cannot; what nobody has said is left out. */
  capabilities: z.partialRecord(z.enum(MODEL_CAPABILITIES), z.boolean()),
  /** In micro-credits: of a million tokens each way, and of an image. */
  price: z.object({
    input_micro_per_million: microNonNegative,
    output_micro_per_million: microNonNegative,
    unit_micro: microNonNegative,
  }),
});

export const tokenLimit = z.int().min(1).max(10_000_000);

/** What the hub itself reads of a chat request; everything else travels on untouched. */
export const chatRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z
    .array(z.looseObject({ role: z.string() }))
    .min(1)
    .max(10_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: tokenLimit.nullish(),
  max_completion_tokens: tokenLimit.nullish(),
  n: z.int().min(1).max(128).nullish(),
});
export type ChatRequest = z.output<typeof chatRequest>;

const text = z.string().max(10_000_000);
const tokens = z.array(z.int().min(0)).min(1).max(1_000_000);

/** A text or a list of them, each as it is or as its tokens. */
export const embeddingRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([text.min(1), z.array(text).min(1).max(10_000), tokens, z.array(tokens).min(1).max(10_000)]),
});
export type EmbeddingRequest = z.output<typeof embeddingRequest>;

/** What the hub itself reads of a request for images; everything else travels on untouched. */
export const imageRequest = z.looseObject({
  model: z.string().min(1).max(200),
  prompt: z.string().min(1).max(100_000),
  n: z.int().min(1).max(10).nullish(),
  size: z.string().max(20).nullish(),
  stream: z.boolean().nullish(),
});
export type ImageRequest = z.output<typeof imageRequest>;

/** Of images, where the model is charged by tokens. */
export const imageUsage = z.looseObject({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) });

export const embeddingUsage = z.looseObject({ prompt_tokens: z.int().min(0) });

export const tokenUsage = z.looseObject({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
});

/** The vendor's error shape, https://platform.openai.com/docs/guides/error-codes; `code` is ours. */
export const openAiErrorBody = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: 'OpenAiError' });
export type OpenAiErrorBody = z.output<typeof openAiErrorBody>;

/** What a call of a model may be answered with, in the format of whoever calls. */
export const CALL_PROBLEMS = [
  'model-not-found',
  'idempotency-in-progress',
  'idempotency-mismatch',
  'insufficient-credits',
  'account-frozen',
  'provider-failed',
  'provider-rate-limited',
  'provider-busy',
  'provider-timeout',
] as const;

export const completionsContract = defineContract({
  listModels: {
    method: 'GET',
    path: '/v1/models',
    summary: 'Models that can be used (OpenAI format)',
    access: 'services:use',
    success: { status: 200, schema: z.object({ object: z.literal('list'), data: z.array(model) }) },
    problems: [],
  },
  createChatCompletion: {
    method: 'POST',
    path: '/v1/chat/completions',
    summary: 'Chat, plain or as server-sent events (OpenAI format)',
    access: 'services:use',
    body: chatRequest,
    success: { status: 200, schema: z.looseObject({}) },
    problems: CALL_PROBLEMS,
  },
  createEmbedding: {
    method: 'POST',
    path: '/v1/embeddings',
    summary: 'Vectors of texts (OpenAI format)',
    access: 'services:use',
    body: embeddingRequest,
    success: { status: 200, schema: z.looseObject({}) },
    problems: CALL_PROBLEMS,
  },
  createImage: {
    method: 'POST',
    path: '/v1/images/generations',
    summary: 'Images from words, whole or as server-sent events (OpenAI format)',
    access: 'services:use',
    body: imageRequest,
    success: { status: 200, schema: z.looseObject({}) },
    problems: CALL_PROBLEMS,
  },
});
