import { DomainError, grantsForClient, RESOURCE_NAMES } from '@smart-ai-hub/shared/contracts';
import { decodeJwt, jwtVerify } from 'jose';
import { z } from 'zod';
import type { AuthDeps } from '../context.ts';
import { LIFETIMES } from '../oauth/lifetimes.ts';
import { resourceNamed } from '../oauth/addresses.ts';
import type { Proof } from './proof.ts';

const clientClaims = z.object({
  sub: z.uuid(),
  aud: z.string(),
  exp: z.int(),
  client_id: z.string(),
  scope: z.string().default(''),
  /** The grant that it stands on. */
  gid: z.string(),
});

/** True for what claims to be from our OAuth server; nothing of it is believed yet. */
export function isClientToken(credential: string, issuer: string): boolean {
  try {
    return decodeJwt(credential).iss === issuer;
  } catch {
    return false; // no JWT at all
  }
}

/** Who a client's access token (RFC 9068) acts for, as long as what was lent to it lasts. */
export async function byClient(ctx: AuthDeps, token: string): Promise<Proof> {
  const { sub, aud, exp, client_id: clientId, scope, gid } = await verified(ctx, token);
  const resource = resourceNamed(ctx.issuer, aud);
  const grant = await ctx.database.prisma.oauthRecord.findUnique({
    where: { kind_id: { kind: 'Grant', id: gid }, userId: sub, expiresAt: { gt: new Date() } },
    include: { user: true },
  });
  if (!resource || !grant?.user || !isFor(grant.payload, clientId)) throw new DomainError('unauthenticated');
  return {
    holder: grant.user,
    credential: { kind: 'client', id: gid },
    expiresAt: new Date(exp * 1000),
    resource,
    narrow: (grants) => grantsForClient(grants, resource, scope.split(' ')),
  };
}

const isFor = (payload: unknown, clientId: string) =>
  z.looseObject({ clientId: z.literal(clientId) }).safeParse(payload).success;

async function verified({ issuer, signer }: AuthDeps, token: string): Promise<z.output<typeof clientClaims>> {
  const { payload } = await jwtVerify(token, signer.verificationKeys, {
    algorithms: ['EdDSA'],
    typ: 'at+jwt',
    issuer,
    audience: RESOURCE_NAMES.map((name) => issuer + name),
    maxTokenAge: LIFETIMES.accessToken,
    requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
  }).catch((cause: unknown) => {
    throw new DomainError('unauthenticated', { cause });
  });
  const claims = clientClaims.safeParse(payload);
  if (claims.success) return claims.data;
  throw new DomainError('unauthenticated', { cause: claims.error });
}
