import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { FastifyReply } from 'fastify';
import type { ProviderAnswer } from '../providers/provider.ts';
import { parseObject } from './measure.ts';
import { readText } from './read-completion.ts';

/** Bytes of a vendor's error that are passed on, at most. */
const MAX_ERROR = 64 * 1024;

/** Vendor statuses that are about the caller's own request; its words help the caller and are passed on. */
const CALLERS_FAULT = new Set([400, 404, 409, 413, 415, 422]);

/** A vendor that refused: the caller's mistake in the vendor's words, everything else in ours. */
export async function passRefusal(
  reply: FastifyReply,
  answer: ProviderAnswer,
  provider: string,
): Promise<void> {
  const text = await readText(answer, MAX_ERROR, provider);
  const { 'retry-after': retryAfter } = answer.headers;
  if (CALLERS_FAULT.has(answer.status) && parseObject(text)) {
    await reply.code(answer.status).type('application/json; charset=utf-8').send(text);
    return;
  }
  const seconds =
    typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const wait = seconds === undefined ? {} : { retryAfter: seconds };
  throw answer.status === 429
    ? new DomainError('provider-rate-limited', { detail: `${provider} asks to slow down`, ...wait })
    : new DomainError('provider-failed', { detail: `${provider} answered with an error`, ...wait });
}
