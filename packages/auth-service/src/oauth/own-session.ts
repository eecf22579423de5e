import { type Actor, DomainError } from '@smart-ai-hub/shared/contracts';

/** People lend and take back themselves: no key or client that acts for them gives itself more. */
export function requireOwnSession({ credential }: Actor): void {
  if (credential.kind !== 'session') throw new DomainError('forbidden');
}
