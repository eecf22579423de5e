import { createHash } from 'node:crypto';
import type { Transaction } from '@smart-ai-hub/database';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { InvalidGrant } from 'oidc-provider/lib/helpers/errors.js';
import { z } from 'zod';
import type { AuthDeps } from '../context.ts';
import { endGrant } from './end-grant.ts';

/** Who these name is no secret; everything else is a token or code, or opens one. */
const NAMED: ReadonlySet<string> = new Set(['Client', 'Grant']);

const storedId = (kind: string, id: string) => (NAMED.has(kind) ? id : hashed(id));

/** What is kept of a token, code or cookie: it has the randomness that makes a plain hash safe. */
export const hashed = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** The server keeps no sign-in of its own: who somebody is, the hub's session says each time they are asked. */
const nothing = async () => undefined;
const NOWHERE: Adapter = {
  upsert: nothing,
  find: nothing,
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};

type RecordDeps = Pick<AuthDeps, 'database' | 'enqueue' | 'announce'>;

/** Where the OAuth server keeps what it hands out, in `auth.oauth_records`. */
export const recordsIn =
  (deps: RecordDeps): AdapterFactory =>
  (kind) =>
    kind === 'Session' ? NOWHERE : adapterOf(deps, kind);

function adapterOf(deps: RecordDeps, kind: string): Adapter {
  const { prisma } = deps.database;
  const keyOf = (id: string) => ({ kind_id: { kind, id: storedId(kind, id) } });

  return {
    upsert: async (id, payload, expiresIn) => {
      await storeRecord(prisma, kind, id, payload, expiresIn);
    },
    find: async (id) => {
      const row = await prisma.oauthRecord.findUnique({ where: keyOf(id) });
      // a device that comes late hears that its code has expired (RFC 8628, 3.5), so the server looks by itself
      if (!row || (kind !== 'DeviceCode' && row.expiresAt && row.expiresAt <= new Date())) return undefined;
      return {
        ...payloadOf(row.payload),
        ...(kind === 'Interaction' && { returnTo: returnTo(row.payload) + id }),
        jti: id,
        ...(row.consumedAt && { consumed: row.consumedAt.getTime() }),
      };
    },
    findByUserCode: nothing, // our own page takes the codes of devices
    findByUid: nothing, // of sessions, which there are none of
    consume: async (id) => {
      const key = storedId(kind, id);
      const { count } = await prisma.oauthRecord.updateMany({
        where: { kind, id: key, consumedAt: null },
        data: { consumedAt: new Date() },
      });
      if (count === 1) return;
      const row = await prisma.oauthRecord.findUnique({ where: keyOf(id) });
      if (row?.grantId != null) await endGrant(deps, row.grantId);
      throw new InvalidGrant('used by another request at the same moment');
    },
    destroy: async (id) => {
      if (kind === 'Grant') await endGrant(deps, id);
      else await prisma.oauthRecord.deleteMany({ where: { kind, id: storedId(kind, id) } });
    },
    revokeByGrantId: async (grantId) => {
      await prisma.oauthRecord.deleteMany({ where: { kind, grantId } });
    },
  };
}

const returnTo = (stored: unknown) => payloadOf(stored).returnTo ?? '';

const json = z.record(z.string(), z.json());

/** Puts a record there, without the secret that finds it again; `expiresIn` in seconds. */
export async function storeRecord(
  tx: Pick<Transaction, 'oauthRecord'>,
  kind: string,
  id: string,
  { jti: _jti, userCode, ...payload }: AdapterPayload,
  expiresIn?: number,
): Promise<void> {
  // the address to come back to ends in the id, which is put there again when it is read
  const kept = payload.returnTo?.endsWith(id) === true ? payload.returnTo.slice(0, -id.length) : undefined;
  const row = {
    payload: json.parse(JSON.parse(JSON.stringify({ ...payload, returnTo: kept }))),
    grantId: payload.grantId ?? null,
    userCode: userCode === undefined ? null : hashed(userCode),
    userId: payload.accountId ?? null,
    expiresAt: expiresIn === undefined ? null : new Date(Date.now() + expiresIn * 1000),
  };
  const key = { kind, id: storedId(kind, id) };
  await tx.oauthRecord.upsert({ where: { kind_id: key }, create: { ...key, ...row }, update: row });
}

/** What the server once stored, as it gave it. */
export const payloadOf = (stored: unknown): AdapterPayload =>
  typeof stored === 'object' && stored !== null ? { ...stored } : {};
