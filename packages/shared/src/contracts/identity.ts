import { z } from 'zod';
import { id } from './fields.ts';

export const TOKEN_ISSUER = 'smart-ai-hub';
export const TOKEN_AUDIENCE = 'smart-ai-hub';

/** JWT `typ` header (RFC 8725, 3.11): what signs a person in is never what a key was turned into. */
export const TOKEN_TYPES = { access: 'at+jwt', key: 'key+jwt' } as const;

const claims = {
  iss: z.literal(TOKEN_ISSUER),
  aud: z.literal(TOKEN_AUDIENCE),
  sub: id,
  email: z.string(),
  roles: z.array(z.string()),
  jti: id,
  iat: z.int(),
  exp: z.int(),
};

/** A person's access token: 15 minutes, bound to the session `sid`. */
export const accessClaims = z.object({ ...claims, sid: id });
/** What the gateway gets for an API key: short-lived, bound to the key `kid`. */
export const keyClaims = z.object({ ...claims, kid: id });

export type AccessClaims = z.output<typeof accessClaims>;
export type KeyClaims = z.output<typeof keyClaims>;

/** Who acts: proven by a signed token, never by a header. */
export interface Actor {
  userId: string;
  email: string;
  roles: readonly string[];
  tokenId: string;
  /** Session of a person, or key of a program: exactly one is set. */
  sessionId?: string;
  keyId?: string;
}

export const API_KEY_PREFIX = 'sk-hub-';
/** 32 random bytes in base64url. */
export const API_KEY_PATTERN = /^sk-hub-[\w-]{43}$/;
