import { z } from 'zod';
import { defineContract } from './route.ts';

export const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});

const tokenLimit = z.int().min(1).max(10_000_000);

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
    problems: [
      'model-not-found',
      'insufficient-credits',
      'account-frozen',
      'provider-failed',
      'provider-rate-limited',
      'provider-timeout',
    ],
  },
});
