import { decodeJwt, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { z } from 'zod';
import {
  accessClaims,
  type AccessClaims,
  type Actor,
  DomainError,
  internalClaims,
  type InternalClaims,
  TOKEN_AUDIENCES,
  TOKEN_ISSUER,
  TOKEN_TYPES,
} from '../contracts/index.ts';

export interface VerifiedToken {
  actor: Actor;
  /** Seconds since the epoch. */
  expiresAt: number;
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/** Verified tokens kept per process; the oldest goes first. */
const CACHE_SIZE = 10_000;

/** The longest life of any of our tokens in seconds; also refuses an `iat` in the future. */
const MAX_TOKEN_AGE = 15 * 60;

/**
 * Checks the tokens that services believe; one that passed is answered from memory until it expires. Rejects
 * with `unauthenticated`.
 */
export function createTokenVerifier(
  keys: JWTVerifyGetKey,
  now: () => number = Date.now,
  cacheSize = CACHE_SIZE,
): VerifyToken {
  const verified = new Map<string, VerifiedToken>();

  return async (token) => {
    const known = verified.get(token);
    if (known && known.expiresAt * 1000 > now()) return known;
    verified.delete(token);
    const claims = await verify(token, keys, 'internal', internalClaims, now());
    const fresh = { actor: actorOf(claims), expiresAt: claims.exp };
    const oldest = verified.size >= cacheSize ? verified.keys().next().value : undefined;
    if (oldest !== undefined) verified.delete(oldest);
    verified.set(token, fresh);
    return fresh;
  };
}

/** Checks a person's access token; whether its session still lasts is another question. Rejects with `unauthenticated`. */
export const verifyAccessToken = (
  token: string,
  keys: JWTVerifyGetKey,
  now: () => number = Date.now,
): Promise<AccessClaims> => verify(token, keys, 'access', accessClaims, now());

/** Whom a token for the services was for when it was signed, however long ago. Rejects with `unauthenticated`. */
export const verifyEarlierToken = async (token: string, keys: JWTVerifyGetKey): Promise<InternalClaims> =>
  verify(token, keys, 'internal', internalClaims, issuedAt(token) * 1000);

/** Seconds since the epoch; nothing of the token is believed yet. */
function issuedAt(token: string): number {
  try {
    return decodeJwt(token).iat ?? 0;
  } catch (cause) {
    throw new DomainError('unauthenticated', { cause });
  }
}

/** Signature, type, issuer, audience and times (RFC 7519, RFC 8725), then the claims of its kind. */
async function verify<S extends z.ZodType>(
  token: string,
  keys: JWTVerifyGetKey,
  kind: keyof typeof TOKEN_TYPES,
  schema: S,
  now: number,
): Promise<z.output<S>> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA', 'Ed25519'],
    typ: TOKEN_TYPES[kind],
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCES[kind],
    maxTokenAge: MAX_TOKEN_AGE,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'iat', 'sub', 'jti'],
  }).catch((cause: unknown) => {
    if (cause instanceof DomainError) throw cause; // the keys could not be fetched: not the token's fault
    throw new DomainError('unauthenticated', { cause });
  });
  const claims = schema.safeParse(payload);
  if (claims.success) return claims.data;
  throw new DomainError('unauthenticated', { cause: claims.error });
}

function actorOf(claims: InternalClaims): Actor {
  const { sub, jti, credential, authTime, limits, teams, resource, unverified, cacheAnswers, ...person } =
    claims;
  const { email, roles, level, grants } = person;
  return {
    userId: sub,
    ...{ email, roles, level, grants, credential },
    tokenId: jti,
    ...(credential.kind === 'session' && { sessionId: credential.id }),
    ...(credential.kind === 'key' && { keyId: credential.id }),
    ...(authTime !== undefined && { authenticatedAt: authTime }),
    ...(limits && { limits }),
    ...(teams && { teams }),
    ...(resource && { resource }),
    ...(unverified && { unverified }),
    ...(cacheAnswers && { cacheAnswers }),
  };
}

/** The token of `Authorization: Bearer …` (RFC 6750, 2.1), if there is one. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
