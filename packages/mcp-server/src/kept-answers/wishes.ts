import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@smart-ai-hub/shared/contracts';

/** What a caller says about answers that are kept. */
export interface Wishes {
  idempotencyKey?: string;
  /** The answer has to be a new one. */
  noCache: boolean;
  /** And it must not be kept for others. */
  noStore: boolean;
}

export const NO_WISHES: Wishes = { noCache: false, noStore: false };

/** By draft-ietf-httpapi-idempotency-key-header and RFC 9111, 5.2.1; rejects a key that is none. */
export function wishesOf(headers: IncomingHttpHeaders): Wishes {
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(/[\s,]+/);
  const noStore = directives.includes('no-store');
  const key = headers['idempotency-key'];
  if (key !== undefined && (typeof key !== 'string' || !/^[!-~]{1,255}$/.test(key)))
    throw new DomainError('invalid-request', {
      errors: [{ path: 'idempotency-key', message: 'is not 1 to 255 visible ASCII characters' }],
    });
  return {
    ...(key !== undefined && { idempotencyKey: key }),
    noCache: noStore || directives.includes('no-cache'),
    noStore,
  };
}
