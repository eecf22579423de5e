import type { Grants, Permission } from './access.ts';
import { narrowGrants } from './access.ts';

/** What clients may ask for beside permissions (OpenID Connect Core, 5.4 and 11). */
export const OPENID_SCOPES = ['openid', 'email', 'offline_access'] as const;

/** The permissions that people can lend to a client. */
export const CLIENT_SCOPES = [
  'services:use',
  'tools:use',
  'credits:read',
  'usage:read',
  'keys:read',
] as const satisfies readonly Permission[];

interface Resource {
  scopes: readonly (typeof CLIENT_SCOPES)[number][];
  /** Prefixes of the gateway where a token for it is taken. */
  opens: readonly `/${string}`[];
}

/** Our resources by path (RFC 8707): a token is for one of them, and for nothing else. */
export const RESOURCES = {
  '/mcp': { scopes: CLIENT_SCOPES, opens: ['/mcp'] },
  '/v1': {
    scopes: CLIENT_SCOPES,
    opens: ['/v1', '/api/v1/credits', '/api/v1/usage', '/api/v1/keys', '/api/v1/prices'],
  },
} as const satisfies Record<`/${string}`, Resource>;

export const RESOURCE_NAMES = ['/mcp', '/v1'] as const satisfies readonly (keyof typeof RESOURCES)[];
export type ResourceName = (typeof RESOURCE_NAMES)[number];

/** The address of a resource's metadata (RFC 9728, 3.1), below the public address. */
export const resourceMetadataPath = (name: ResourceName) =>
  `/.well-known/oauth-protected-resource${name}` as const;

/** True where a token for this resource is taken. */
export const opensWay = (name: ResourceName, prefix: string): boolean =>
  RESOURCES[name].opens.some((opened) => opened === prefix);

/** True where people can lend this permission to a client of that resource. */
export const lends = (name: ResourceName, permission: Permission): boolean =>
  RESOURCES[name].scopes.some((scope) => scope === permission);

/**
 * What a client may do for somebody: their grants for its scopes at that resource, and of what can be read only
 * their own, however far they see themselves.
 */
export function grantsForClient(grants: Grants, name: ResourceName, scopes: readonly string[]): Grants {
  const lent = narrowGrants(
    grants,
    RESOURCES[name].scopes.filter((scope) => scopes.includes(scope)),
  );
  return Object.fromEntries(
    Object.entries(lent).map(([permission, scope]) => [
      permission,
      permission.endsWith(':read') ? 'own' : scope,
    ]),
  );
}
