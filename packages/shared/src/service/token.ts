import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import {
  accessClaims,
  type Actor,
  DomainError,
  keyClaims,
  TOKEN_AUDIENCE,
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
 * Checks signature, type, issuer, audience and times of our own tokens (RFC 7519, RFC 8725); a token that
 * passed is answered from memory until it expires. Rejects with `unauthenticated`.
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
    const fresh = await verify(token, keys, now());
    const oldest = verified.size >= cacheSize ? verified.keys().next().value : undefined;
    if (oldest !== undefined) verified.delete(oldest);
    verified.set(token, fresh);
    return fresh;
  };
}

async function verify(token: string, keys: JWTVerifyGetKey, now: number): Promise<VerifiedToken> {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA', 'Ed25519'],
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
    maxTokenAge: MAX_TOKEN_AGE,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'iat', 'sub', 'jti'],
  }).catch((cause: unknown) => {
    if (cause instanceof DomainError) throw cause; // the keys could not be fetched: not the token's fault
    throw new DomainError('unauthenticated', { cause });
  });
  const actor = actorOf(protectedHeader.typ, payload);
  return { actor, expiresAt: payload.exp ?? 0 };
}

function actorOf(typ: string | undefined, payload: unknown): Actor {
  if (typ === TOKEN_TYPES.access) {
    const claims = accessClaims.safeParse(payload);
    if (claims.success) return { ...common(claims.data), sessionId: claims.data.sid };
  }
  if (typ === TOKEN_TYPES.key) {
    const claims = keyClaims.safeParse(payload);
    if (claims.success) return { ...common(claims.data), keyId: claims.data.kid };
  }
  throw new DomainError('unauthenticated');
}

const common = ({
  sub,
  email,
  roles,
  jti,
}: {
  sub: string;
  email: string;
  roles: string[];
  jti: string;
}) => ({
  userId: sub,
  email,
  roles,
  tokenId: jti,
});

/** The token of `Authorization: Bearer …` (RFC 6750, 2.1), if there is one. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? '')?.[1];
}
