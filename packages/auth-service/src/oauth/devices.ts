import { withTransaction } from '@smart-ai-hub/database';
import { type DeviceRequest, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { type Asked, askedIn, clientView } from './asked.ts';
import { lend } from './lend.ts';
import { requireOwnSession } from './own-session.ts';
import { hashed, payloadOf } from './records.ts';

/** Codes that one person tries in a quarter of an hour: few enough that guessing one is hopeless (RFC 8628, 5.1). */
const MAX_TRIES = 10;
/** Seconds. */
const TRIES_WINDOW = 15 * 60;

interface Waiting {
  id: string;
  clientId: string;
  asked: Asked;
}

/** What the device that shows this code asks for. */
export async function findDevice(ctx: SignedInContext, userCode: string): Promise<DeviceRequest> {
  requireOwnSession(ctx.actor);
  const { clientId, asked } = await deviceThatWaits(ctx, userCode);
  const { Client } = await ctx.oauthServer();
  return { client: clientView(await Client.find(clientId)), ...asked };
}

/** Lends to the device that shows this code, or declines. Exactly one answer counts. */
export async function decideDevice(
  ctx: SignedInContext,
  { userCode, approve }: { userCode: string; approve: boolean },
): Promise<void> {
  requireOwnSession(ctx.actor);
  const { id, clientId, asked } = await deviceThatWaits(ctx, userCode);
  await withTransaction(ctx.database, async (tx) => {
    const answer = (grantId: string | null, said: object) => tx.$executeRaw`
      UPDATE auth.oauth_records
      SET payload = payload || ${JSON.stringify(said)}::jsonb, grant_id = ${grantId}, user_id = ${ctx.actor.userId}::uuid
      WHERE kind = 'DeviceCode' AND id = ${id} AND user_id IS NULL AND expires_at > now()`;
    const once = (count: number) => {
      if (count !== 1) throw new DomainError('invalid-code');
    };
    if (!approve) {
      once(await answer(null, { error: 'access_denied', errorDescription: 'the person declined' }));
      return;
    }
    await lend(ctx, tx, clientId, asked, async (grantId) =>
      once(await answer(grantId, approval(ctx, asked, grantId))),
    );
  });
}

/** What the server reads when the device asks again. */
function approval({ actor, issuer }: SignedInContext, { scopes, resources }: Asked, grantId: string) {
  const [only, ...more] = resources.map((name) => issuer + name);
  return {
    ...{ accountId: actor.userId, authTime: actor.authenticatedAt, grantId },
    scope: scopes.join(' '),
    ...(only !== undefined && { resource: more.length > 0 ? [only, ...more] : only }),
  };
}

async function deviceThatWaits(
  { actor, database, issuer, store }: SignedInContext,
  userCode: string,
): Promise<Waiting> {
  const tries = await store.increment(`device-code:${actor.userId}`, TRIES_WINDOW);
  if (tries > MAX_TRIES) throw new DomainError('too-many-attempts', { retryAfter: TRIES_WINDOW });
  const row = await database.prisma.oauthRecord.findUnique({
    where: { kind_userCode: { kind: 'DeviceCode', userCode: hashed(normal(userCode)) } },
  });
  const isOpen = row && !row.userId && row.expiresAt && row.expiresAt > new Date();
  const { clientId, params } = isOpen ? payloadOf(row.payload) : {};
  if (!isOpen || clientId === undefined) throw new DomainError('invalid-code');
  return { id: row.id, clientId, asked: askedIn(params, issuer) };
}

const normal = (userCode: string) => userCode.toUpperCase().replace(/[^A-Z0-9]/g, '');
