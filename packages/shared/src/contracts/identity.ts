import { z } from 'zod';
import { type Grants, isPermission, SCOPES } from './access.ts';
import { id, microNonNegative } from './fields.ts';
import { RESOURCE_NAMES, type ResourceName } from './resources.ts';

export const TOKEN_ISSUER = 'smart-ai-hub';

/** JWT `typ` header (RFC 8725, 3.11): what a person carries is never what a service believes. */
export const TOKEN_TYPES = { access: 'at+jwt', internal: 'int+jwt' } as const;

/** Who a token is for: the gateway, or the services behind it. */
export const TOKEN_AUDIENCES = { access: 'smart-ai-hub', internal: 'smart-ai-hub-services' } as const;

const claims = {
  iss: z.literal(TOKEN_ISSUER),
  sub: id,
  email: z.string(),
  roles: z.array(z.string()),
  jti: id,
  iat: z.int(),
  exp: z.int(),
};

/** A person's access token: 15 minutes, bound to the session `sid`. */
export const accessClaims = z.object({ ...claims, aud: z.literal(TOKEN_AUDIENCES.access), sid: id });
export type AccessClaims = z.output<typeof accessClaims>;

/** Characters of a credential at most: more is none of ours. */
export const MAX_CREDENTIAL = 8192;

/** How a program proved for whom it acts. */
const credential = z.object({
  kind: z.enum(['session', 'key', 'partner', 'client']),
  id: z.string().max(300),
});
export type Credential = z.output<typeof credential>;

/** What an API key narrows beyond permissions; what is not named is not limited. */
export const keyLimits = z.object({
  models: z.array(z.string()).optional(),
  tools: z.array(z.string()).optional(),
  monthlyMicro: microNonNegative.optional(),
  requestsPerMinute: z.int().min(1).optional(),
  tokensPerMinute: z.int().min(1).optional(),
  /** What counts together, where it is not this key alone: the first of a chain of rotated keys. */
  budgetId: id.optional(),
});
export type KeyLimits = z.output<typeof keyLimits>;

/** A team of the person, and what its members may spend together in a month. */
const teamOfActor = z.object({ id, monthlyMicro: microNonNegative.optional() });
export type TeamOfActor = z.output<typeof teamOfActor>;

/**
 * What every credential is turned into at the gateway, and the only thing that services believe: who acts,
 * by what, and what they may do now.
 */
export const internalClaims = z.object({
  ...claims,
  aud: z.literal(TOKEN_AUDIENCES.internal),
  level: z.int(),
  grants: z
    .record(z.string(), z.enum(SCOPES))
    .transform((grants): Grants =>
      Object.fromEntries(Object.entries(grants).filter(([name]) => isPermission(name))),
    ),
  credential,
  /** Seconds since the epoch, of a session: when its person last proved who they are. */
  authTime: z.int().optional(),
  limits: keyLimits.optional(),
  teams: z.array(teamOfActor).optional(),
  /** Of a client's token: the one resource that it was issued for. */
  resource: z.enum(RESOURCE_NAMES).optional(),
  /** The person has yet to verify their address, and may do less until then. */
  unverified: z.literal(true).optional(),
  /** Of a key: the same question may be answered by what was answered before. */
  cacheAnswers: z.literal(true).optional(),
});
export type InternalClaims = z.output<typeof internalClaims>;

/** Who acts: proven by a signed token, never by a header. */
export interface Actor {
  userId: string;
  email: string;
  roles: readonly string[];
  /** Of the highest role. */
  level: number;
  grants: Grants;
  tokenId: string;
  credential: Credential;
  /** The id of the credential where it is a session, or a key. */
  sessionId?: string;
  keyId?: string;
  /** Seconds since the epoch. */
  authenticatedAt?: number;
  limits?: KeyLimits;
  teams?: readonly TeamOfActor[];
  resource?: ResourceName;
  unverified?: true;
  cacheAnswers?: true;
}

/** Under what a key's requests, tokens and credits are counted: a rotated key goes on where the old one was. */
export const budgetOf = ({ credential, limits }: Pick<Actor, 'credential' | 'limits'>): string =>
  limits?.budgetId ?? credential.id;

export const API_KEY_PREFIX = 'sk-hub-';
/** 32 random bytes in base64url. */
export const API_KEY_PATTERN = /^sk-hub-[\w-]{43}$/;
