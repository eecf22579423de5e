import { DomainError } from '@smart-ai-hub/shared/contracts';
import { retryDelayOf } from '../translation/gemini/gemini-error.ts';
import type { ProviderAnswer } from './provider.ts';
import { LastingFailure } from './provider-failure.ts';
import { readText } from './read-text.ts';

/** Bytes of a vendor's error that are read, at most. */
export const MAX_ERROR = 64 * 1024;

/** About the caller's own request: the vendor's words help the caller. */
const CALLERS_FAULT = new Set([400, 404, 409, 413, 415, 422]);

/** About the key: it is wrong, has no money or no right, or was used too often. */
const KEYS_FAULT = new Set([401, 402, 403, 429]);

export const isForCaller = ({ status }: ProviderAnswer): boolean => status < 400 || CALLERS_FAULT.has(status);
export const isAboutKey = ({ status }: ProviderAnswer): boolean => KEYS_FAULT.has(status);

/** What a refusal means that is not for the caller, in our words: a vendor's may hold the key. */
export async function refusalOf(answer: ProviderAnswer, provider: string): Promise<DomainError> {
  const text = await readText(answer, MAX_ERROR, provider);
  const seconds = retryAfterOf(answer) ?? retryDelayOf(text);
  const wait = seconds === undefined ? {} : { retryAfter: seconds };
  if (answer.status === 429)
    return new DomainError('provider-rate-limited', { detail: `${provider} asks to slow down`, ...wait });
  const Failure = answer.status < 500 && answer.status !== 408 ? LastingFailure : DomainError;
  return new Failure('provider-failed', { detail: `${provider} answered with an error`, ...wait });
}

/** Seconds that the vendor wants to be left alone for, where its header says so (RFC 9110, 10.2.3). */
export function retryAfterOf({ headers }: ProviderAnswer): number | undefined {
  const { 'retry-after': seconds = '' } = headers;
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) : undefined;
}
