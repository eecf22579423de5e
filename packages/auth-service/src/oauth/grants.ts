import { type ClientGrant, DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { askedOf, clientView } from './asked.ts';
import { endGrant } from './end-grant.ts';
import { requireOwnSession } from './own-session.ts';
import { payloadOf } from './records.ts';

/** What the actor has lent to clients and not taken back, newest first. */
export async function listGrants(ctx: SignedInContext): Promise<{ items: ClientGrant[] }> {
  requireOwnSession(ctx.actor);
  const rows = await ctx.database.prisma.oauthRecord.findMany({
    where: { kind: 'Grant', userId: ctx.actor.userId, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: 'desc' },
    take: 200,
  });
  return { items: await Promise.all(rows.map((row) => grantView(ctx, row))) };
}

interface GrantRow {
  id: string;
  payload: unknown;
  createdAt: Date;
  expiresAt: Date | null;
}

async function grantView(ctx: SignedInContext, row: GrantRow): Promise<ClientGrant> {
  const { clientId } = payloadOf(row.payload);
  const expiresAt = row.expiresAt ?? row.createdAt;
  return {
    id: row.id,
    client: clientView(await knownClient(ctx, clientId)),
    ...askedOf(row.payload, ctx.issuer),
    createdAt: row.createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** A client of a list is not looked up elsewhere: one that publishes its metadata is known by its address. */
const knownClient = async ({ oauthServer }: SignedInContext, clientId = '') =>
  clientId.startsWith('https://') ? { clientId } : (await oauthServer()).Client.find(clientId);

/** Takes back what the actor lent; its tokens are refused at once, everywhere. */
export async function revokeGrant(ctx: SignedInContext, grantId: string): Promise<void> {
  const { actor, address, userAgent, requestId } = ctx;
  requireOwnSession(actor);
  const ended = await endGrant(ctx, grantId, { actorId: actor.userId, address, userAgent, requestId });
  if (!ended) throw new DomainError('not-found');
}
