import { DomainError } from '@smart-ai-hub/shared/contracts';

/**
 * One text for all JSON that means the same: the order of an object's keys does not matter, everything else does. Like
 * RFC 8785 in purpose, but only ever compared with itself. Throws `invalid-request` for what is nested too deeply.
 */
export function canonical(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, inner: unknown) => inOrder(inner));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DomainError('invalid-request', { detail: 'it is nested too deeply', cause });
  }
}

const inOrder = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
