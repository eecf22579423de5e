import { problemBody, type ProblemCode, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { expect } from 'vitest';
import { z } from 'zod';

/** The vendor's error object, https://platform.openai.com/docs/guides/error-codes. */
const openAiError = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string(),
  }),
});

/** The vendor's error object, https://platform.claude.com/docs/en/api/errors. */
const anthropicError = z.strictObject({
  type: z.literal('error'),
  error: z.strictObject({ type: z.string().min(1), message: z.string().min(1), code: z.string() }),
  request_id: z.string(),
});

/** JSON-RPC 2.0, 5.1: ours has a code by name, the protocol's own errors have their number alone. */
const jsonRpcError = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]),
  error: z.looseObject({
    code: z.int(),
    message: z.string().min(1),
    data: z.looseObject({ code: z.string().optional(), requestId: z.string().optional() }).optional(),
  }),
});

export interface Refusal {
  /** Path of the request. */
  path: string;
  status: number;
  contentType: string | null;
  requestId: string | null;
  text: string;
}

export const refusalOf = async (answer: Response): Promise<Refusal> => ({
  path: new URL(answer.url).pathname,
  status: answer.status,
  contentType: answer.headers.get('content-type'),
  requestId: answer.headers.get('x-request-id'),
  text: await answer.text(),
});

/** The code of an error in the documented shape of its path; throws where the shape is another. */
export function codeOf({ path, status, contentType, requestId, text }: Refusal): string {
  expect(requestId).toMatch(/^[\w-]{8,64}$/);
  const body: unknown = JSON.parse(text);
  if (/^\/v1\/messages(\/|$)/.test(path)) {
    expect(contentType).toBe('application/json; charset=utf-8');
    const said = anthropicError.parse(body);
    expect(said.request_id).toBe(requestId);
    return said.error.code;
  }
  if (path.startsWith('/v1/')) {
    expect(contentType).toBe('application/json; charset=utf-8');
    return openAiError.parse(body).error.code;
  }
  if (/^\/mcp(\/|$)/.test(path)) {
    expect(contentType).toMatch(/^application\/json(; charset=utf-8)?$/);
    const { code, data } = jsonRpcError.parse(body).error;
    if (data?.code !== undefined) expect(data.requestId).toBe(requestId);
    return data?.code ?? String(code);
  }
  expect(contentType).toBe('application/problem+json; charset=utf-8');
  const problem = problemBody.parse(body);
  expect(problem).toMatchObject({ status, requestId, instance: path, type: `/problems/${problem.code}` });
  return problem.code;
}

/** Holds that this is the documented refusal, in status, shape and request id; answers it for more. */
export async function expectRefusal(answer: Response, code: ProblemCode): Promise<Refusal> {
  const refusal = await refusalOf(answer);
  expect([codeOf(refusal), refusal.status]).toEqual([code, PROBLEMS[code].status]);
  return refusal;
}
