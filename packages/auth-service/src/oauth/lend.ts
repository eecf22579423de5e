import { randomBytes } from 'node:crypto';
import { appendAudit, type Transaction } from '@smart-ai-hub/database';
import type { SignedInContext } from '../context.ts';
import { type Asked, asGrant } from './asked.ts';
import { LIFETIMES } from './lifetimes.ts';
import { storeRecord } from './records.ts';

/** Writes down that the actor lends this to a client, last in its transaction; answers the id of the grant. */
export async function lend(
  { actor, issuer, address, userAgent, requestId }: SignedInContext,
  tx: Transaction,
  clientId: string,
  asked: Asked,
  before: (grantId: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<string> {
  const grantId = randomBytes(32).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const grant = {
    ...asGrant(asked, issuer),
    ...{ kind: 'Grant', accountId: actor.userId, clientId, iat: now, exp: now + LIFETIMES.grant },
  };
  await storeRecord(tx, 'Grant', grantId, grant, LIFETIMES.grant);
  // a client that somebody lends to is remembered for as long
  const until = new Date((now + LIFETIMES.grant) * 1000);
  await tx.oauthRecord.updateMany({ where: { kind: 'Client', id: clientId }, data: { expiresAt: until } });
  await before(grantId);
  await appendAudit(tx, {
    ...{ actorId: actor.userId, address, userAgent, requestId },
    action: 'grant.given',
    targetType: 'grant',
    targetId: grantId,
    after: { clientId, scopes: asked.scopes, resources: asked.resources },
  });
  return grantId;
}
