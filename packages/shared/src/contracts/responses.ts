import { z } from 'zod';
import { CALL_PROBLEMS, tokenLimit } from './completions.ts';
import { defineContract } from './route.ts';

/** What the hub itself reads of a request of OpenAI’s Responses API before it is translated. */
export const responsesRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input: z.union([z.string().max(10_000_000), z.array(z.looseObject({})).min(1).max(10_000)]).optional(),
  stream: z.boolean().nullish(),
  max_output_tokens: tokenLimit.nullish(),
});
export type ResponsesRequest = z.output<typeof responsesRequest>;

export const responsesContract = defineContract({
  createResponse: {
    method: 'POST',
    path: '/v1/responses',
    summary: 'A response that is not kept, plain or as server-sent events (OpenAI format)',
    access: 'services:use',
    body: responsesRequest,
    success: { status: 200, schema: z.looseObject({}) },
    problems: CALL_PROBLEMS,
  },
});
