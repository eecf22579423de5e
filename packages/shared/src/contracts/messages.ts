import { z } from 'zod';
import { CALL_PROBLEMS, tokenLimit } from './completions.ts';
import { defineContract } from './route.ts';

/** What the hub itself reads of a request in Anthropic’s format; everything else travels on untouched. */
const tokenCountRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z
    .array(z.looseObject({ role: z.enum(['user', 'assistant', 'system']) }))
    .min(1)
    .max(100_000),
});
export const messagesRequest = tokenCountRequest.extend({
  max_tokens: tokenLimit,
  stream: z.boolean().optional(),
});
export type MessagesRequest = z.output<typeof messagesRequest>;
export type TokenCountRequest = z.output<typeof tokenCountRequest>;

/** Tokens as Anthropic tells them: those read from and written to a cache are counted beside the others. */
export const messageUsage = z.looseObject({
  input_tokens: z.int().min(0).optional(),
  output_tokens: z.int().min(0).optional(),
  cache_read_input_tokens: z.int().min(0).nullish(),
  cache_creation_input_tokens: z.int().min(0).nullish(),
});

/** The vendor's error shape, https://platform.claude.com/docs/en/api/errors; `code` is ours. */
export const anthropicErrorBody = z
  .object({
    type: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string(), code: z.string() }),
    request_id: z.string(),
  })
  .meta({ id: 'AnthropicError' });
export type AnthropicErrorBody = z.output<typeof anthropicErrorBody>;

export const messagesContract = defineContract({
  createMessage: {
    method: 'POST',
    path: '/v1/messages',
    summary: 'A message, plain or as server-sent events (Anthropic format)',
    access: 'services:use',
    body: messagesRequest,
    success: { status: 200, schema: z.looseObject({}) },
    problems: CALL_PROBLEMS,
  },
  countMessageTokens: {
    method: 'POST',
    path: '/v1/messages/count_tokens',
    summary: 'How many tokens a message would send (Anthropic format); costs nothing',
    access: 'services:use',
    body: tokenCountRequest,
    success: { status: 200, schema: z.object({ input_tokens: z.int() }) },
    problems: ['model-not-found'],
  },
});
