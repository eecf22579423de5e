import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import { errors } from 'undici';

const PROVIDERS_FAULT = new Set<ProblemCode>([
  ...(['provider-failed', 'provider-timeout', 'provider-rate-limited', 'provider-busy'] as const),
]);

/** True for what went wrong at a provider, so that another may be asked the same. */
export const isProvidersFault = (error: unknown): error is DomainError =>
  error instanceof DomainError && PROVIDERS_FAULT.has(error.code);

/** A provider that will not answer until somebody changes something, or some time has gone by. */
export class LastingFailure extends DomainError {}

/** True where the same provider may answer the same request a little later. */
export const mayPass = (failure: DomainError): boolean =>
  (failure.code === 'provider-failed' || failure.code === 'provider-rate-limited') &&
  !(failure instanceof LastingFailure);

/** Names a broken connection without the vendor's words: they may hold the address or the key. */
export function failureOf(error: unknown, provider: string): DomainError {
  const timedOut =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  const detail = timedOut
    ? `${provider} did not answer in time`
    : `${provider} could not be reached or broke off`;
  return new DomainError(timedOut ? 'provider-timeout' : 'provider-failed', { detail, cause: error });
}
