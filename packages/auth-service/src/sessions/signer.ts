import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import {
  type AccessClaims,
  type KeyClaims,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
  TOKEN_TYPES,
} from '@smart-ai-hub/shared/contracts';
import type { Secret } from '@smart-ai-hub/shared/service';
import { calculateJwkThumbprint, type JWK, SignJWT } from 'jose';

interface Person {
  sub: string;
  email: string;
  roles: string[];
}

export interface Signer {
  /** For a signed-in person; `ACCESS_TTL` seconds. */
  access: (person: Person & Pick<AccessClaims, 'sid'>) => Promise<string>;
  /** For the holder of an API key; `ttl` seconds. */
  key: (person: Person & Pick<KeyClaims, 'kid'>, ttl: number) => Promise<string>;
  /** Public keys, the signing one first (RFC 7517). */
  jwks: { keys: (JWK & { kid: string })[] };
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

  const sign = (typ: string, { sub, ...claims }: Person, ttl: number) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ, kid })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject(sub)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${ttl}s`)
      .sign(privateKey);

  return {
    access: (person) => sign(TOKEN_TYPES.access, person, ACCESS_TTL),
    key: (person, ttl) => sign(TOKEN_TYPES.key, person, ttl),
    jwks: { keys },
  };
}

const privateKeyOf = (seed: Secret): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, Buffer.from(seed.reveal(), 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });

async function publicJwk(privateKey: KeyObject): Promise<JWK & { kid: string }> {
  const jwk: JWK = { ...createPublicKey(privateKey).export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig' };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}
