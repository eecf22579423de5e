import type { AuditEntry } from '@smart-ai-hub/database';
import type { SignedInContext } from '../context.ts';

/** Who acts, by what and from where, as the audit log keeps it. */
export const by = ({
  actor,
  address,
  userAgent,
  requestId,
}: SignedInContext): Pick<AuditEntry, 'actorId' | 'keyId' | 'address' | 'userAgent' | 'requestId'> => ({
  actorId: actor.userId,
  keyId: actor.keyId,
  address,
  userAgent,
  requestId,
});
