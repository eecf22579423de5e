import { z } from 'zod';
import { parseObject } from '../../completions/measure.ts';

const detail = z.object({
  '@type': z.string().catch(''),
  reason: z.string().catch(''),
  retryDelay: z.string().catch(''),
});

const errorShape = z.object({
  error: z.object({
    message: z.string().catch('the provider refused the request'),
    status: z.string().catch(''),
    details: z.array(detail).catch([]),
  }),
});

const read = (text: string) => errorShape.safeParse(parseObject(text)).data?.error;

/**
 * An error of https://ai.google.dev/gemini-api/docs/troubleshooting as https://platform.openai.com/docs/guides/error-codes
 * has it, with the vendor's own words and its own name as the code. Nothing where it is not about the request: Google
 * answers 400 to a wrong key, and where it has not been paid, too.
 */
export function geminiErrorToChat(text: string): string | undefined {
  const { message = 'the provider refused the request', status = '', details = [] } = read(text) ?? {};
  if (status === 'FAILED_PRECONDITION' || details.some(({ reason }) => reason.startsWith('API_KEY_')))
    return undefined;
  return JSON.stringify({
    error: { message, type: 'invalid_request_error', param: null, code: status || null },
  });
}

/** Seconds to wait, which Google tells in the body: https://google.aip.dev/193, `RetryInfo`. */
export function retryDelayOf(text: string): number | undefined {
  const info = read(text)?.details.find((one) => one['@type'].endsWith('google.rpc.RetryInfo'));
  const [, seconds] = /^(\d{1,6}(?:\.\d+)?)s$/.exec(info?.retryDelay ?? '') ?? [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}
