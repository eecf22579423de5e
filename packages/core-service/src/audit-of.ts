import type { SignedInContext } from './context.ts';

/** Who acts, by what and from where: the part of an audit entry that every change shares. */
export const auditOf = ({ actor, address, userAgent, requestId }: SignedInContext) => ({
  actorId: actor.userId,
  keyId: actor.keyId,
  ...{ address, userAgent, requestId },
});
