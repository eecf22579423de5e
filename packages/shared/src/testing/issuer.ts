import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_TYPES } from '../contracts/index.ts';
import type { ClosableTransport } from '../service/index.ts';

export interface TestIssuer {
  /** An access token for a person; `overrides` make it wrong in one respect. */
  token: (
    person?: { userId?: string; roles?: string[]; keyId?: string },
    overrides?: TokenOverrides,
  ) => Promise<string>;
  jwks: { keys: { kid: string }[] };
  /** Stands where a service asks auth-service for its public keys. */
  transport: ClosableTransport;
}

export interface TokenOverrides {
  typ?: string;
  iss?: string;
  aud?: string;
  kid?: string;
  /** Seconds from now. */
  issued?: number;
  expires?: number;
}

/** An issuer of one test's own, signing as auth-service does, so that a service can be tested without it. */
export async function testIssuer(): Promise<TestIssuer> {
  const kid = randomUUID();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] };
  const transport = () => Promise.resolve({ status: 200, body: jwks });

  return {
    jwks,
    transport: Object.assign(transport, { close: () => Promise.resolve() }),
    token: ({ userId = randomUUID(), roles = ['user'], keyId } = {}, overrides = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const typ = keyId === undefined ? TOKEN_TYPES.access : TOKEN_TYPES.key;
      const right = { typ, kid, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, issued: 0, expires: 600 };
      const wish = { ...right, ...overrides };
      const holder = keyId === undefined ? { sid: randomUUID() } : { kid: keyId };
      return new SignJWT({ email: 'somebody@test.example', roles, ...holder })
        .setProtectedHeader({ alg: 'EdDSA', typ: wish.typ, kid: wish.kid })
        .setIssuer(wish.iss)
        .setAudience(wish.aud)
        .setSubject(userId)
        .setJti(randomUUID())
        .setIssuedAt(now + wish.issued)
        .setExpirationTime(now + wish.expires)
        .sign(privateKey);
    },
  };
}
