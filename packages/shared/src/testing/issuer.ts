import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  type ClientRequest,
  type Grants,
  isRoleName,
  ROLE_GRANTS,
  ROLES,
  TOKEN_AUDIENCES,
  TOKEN_ISSUER,
  TOKEN_TYPES,
  uniteGrants,
} from '../contracts/index.ts';
import type { ClosableTransport } from '../service/index.ts';

export interface TestIssuer {
  /** What services believe, for a person or a key; `overrides` make it wrong in one respect. */
  token: (person?: TestPerson, overrides?: TokenOverrides) => Promise<string>;
  jwks: { keys: { kid: string }[] };
  /** Stands where auth-service is asked: for its public keys, and what a credential is worth. These tokens are. */
  transport: ClosableTransport;
}

export interface TestPerson {
  userId?: string;
  /** What these system roles start with is granted, unless `grants` says otherwise. */
  roles?: string[];
  grants?: Grants;
  keyId?: string;
  /** Further claims. */
  claims?: Record<string, unknown>;
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
  const transport = ({ path, body }: ClientRequest) => {
    const answer = path.startsWith('/internal/') ? { token: credentialOf(body), expiresIn: 90 } : jwks;
    return Promise.resolve({ status: 200, body: answer });
  };

  return {
    jwks,
    transport: Object.assign(transport, { close: () => Promise.resolve() }),
    token: ({ userId = randomUUID(), roles = ['user'], grants, keyId, claims } = {}, overrides = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const right = { typ: TOKEN_TYPES.internal, kid, iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCES.internal };
      const wish = { ...right, issued: 0, expires: 600, ...overrides };
      const known = roles.filter(isRoleName);
      const who = {
        email: 'somebody@test.example',
        roles,
        level: Math.max(0, ...known.map((role) => ROLES[role].level)),
        grants: grants ?? uniteGrants(known.map((role) => ROLE_GRANTS[role])),
        ...(keyId === undefined
          ? { credential: { kind: 'session', id: randomUUID() }, authTime: now }
          : { credential: { kind: 'key', id: keyId } }),
      };
      return new SignJWT({ ...who, ...claims })
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

/** What the gateway asks about, or a service again. */
export function credentialOf(body: unknown): string {
  const given: unknown =
    typeof body === 'object' && body !== null
      ? (Reflect.get(body, 'credential') ?? Reflect.get(body, 'token'))
      : undefined;
  return typeof given === 'string' ? given : '';
}
