import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { network } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { asMetadata, type PublicClient } from './client-metadata.ts';
import { LIFETIMES } from './lifetimes.ts';
import { storeRecord } from './records.ts';

/** Registrations from one network in an hour, and clients in all that nobody has lent anything to yet. */
const AN_HOUR = 20;
const WAITING = 10_000;

/**
 * Takes up a client that introduces itself (RFC 7591); it is forgotten unless somebody lends it something soon.
 * Rejects with `rate-limited`.
 */
export async function registerClient(
  { database: { prisma }, store }: AuthDeps,
  said: PublicClient,
  address: string,
): Promise<Record<string, unknown>> {
  const tries = await store.increment(`oauth-register:${network(address)}`, 3600);
  if (tries > AN_HOUR) throw new DomainError('rate-limited', { retryAfter: 3600 });
  const soon = new Date(Date.now() + LIFETIMES.unusedClient * 1000);
  const waiting = await prisma.oauthRecord.count({ where: { kind: 'Client', expiresAt: { lte: soon } } });
  if (waiting >= WAITING) throw new DomainError('rate-limited', { retryAfter: 3600 });
  const issuedAt = Math.floor(Date.now() / 1000);
  const client = { ...asMetadata(randomUUID(), said), client_id_issued_at: issuedAt };
  await storeRecord(prisma, 'Client', client.client_id, client, LIFETIMES.unusedClient);
  return client;
}
