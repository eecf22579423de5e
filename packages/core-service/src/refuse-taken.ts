import { isUniqueViolation } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';

/** Throws `name-taken` where another row has this name, and anything else as it is. */
export function refuseTaken(error: unknown): never {
  if (isUniqueViolation(error)) throw new DomainError('name-taken', { cause: error });
  throw error;
}
