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
  if (path.startsWith('/v1/')) {
    expect(contentType).toBe('application/json; charset=utf-8');
    return openAiError.parse(body).error.code;
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
