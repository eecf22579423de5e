import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import {
  type AccessClaims,
  type InternalClaims,
  TOKEN_AUDIENCES,
  TOKEN_ISSUER,
  TOKEN_TYPES,
} from '@smart-ai-hub/shared/contracts';
import type { Secret } from '@smart-ai-hub/shared/service';
import { calculateJwkThumbprint, createLocalJWKSet, type JWK, type JWTVerifyGetKey, SignJWT } from 'jose';

/** What the signer adds itself. */
type Added = 'iss' | 'aud' | 'jti' | 'iat' | 'exp';

export interface Signer {
  /** For a signed-in person; `ACCESS_TTL` seconds. */
  access: (claims: Omit<AccessClaims, Added>) => Promise<string>;
  /** For the services behind the gateway; `ttl` seconds. */
  internal: (claims: Omit<InternalClaims, Added>, ttl: number) => Promise<string>;
  /** Public keys, the signing one first (RFC 7517). */
  jwks: { keys: (JWK & { kid: string })[] };
  /** The same, as a token's signature is checked by them. */
  verificationKeys: JWTVerifyGetKey;
}

/** Seconds. */
export const ACCESS_TTL = 15 * 60;

/** The fixed head of a PKCS #8 Ed25519 private key (RFC 8410, 7); the seed follows. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Signs with the first seed; publishes the keys of all, so that a replaced one still verifies. */
export async function createSigner(seed: Secret, previous: readonly Secret[] = []): Promise<Signer> {
  const privateKey = privateKeyOf(seed);
  const keys = await Promise.all([privateKey, ...previous.map(privateKeyOf)].map(publicJwk));
  const kid = keys[0]?.kid ?? '';

  const sign = (kind: keyof typeof TOKEN_TYPES, { sub, ...claims }: { sub: string }, ttl: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: TOKEN_TYPES[kind], kid })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCES[kind])
      .setSubject(sub)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${ttl}s`)
      .sign(privateKey);

  return {
    access: (claims) => sign('access', claims, ACCESS_TTL),
    internal: (claims, ttl) => sign('internal', claims, ttl),
    jwks: { keys },
    verificationKeys: createLocalJWKSet({ keys }),
  };
}

const privateKeyOf = (seed: Secret): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, Buffer.from(seed.reveal(), 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });

/** The private key of a seed, for the OAuth server, which signs with the same. */
export const signingJwk = (seed: Secret) =>
  ({ ...privateKeyOf(seed).export({ format: 'jwk' }), kty: 'OKP', alg: 'EdDSA', use: 'sig' }) as const;

async function publicJwk(privateKey: KeyObject): Promise<JWK & { kid: string }> {
  const jwk: JWK = { ...createPublicKey(privateKey).export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig' };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}
