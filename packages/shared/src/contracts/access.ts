/** System roles, highest first; only a higher level assigns a role. */
export const ROLES = {
  superadmin: { level: 100, description: 'Everything' },
  admin: { level: 80, description: 'Everything but roles and settings' },
  manager: { level: 60, description: 'Reads and adjusts in the own team' },
  user: { level: 40, description: 'Own data, models and tools' },
  guest: { level: 20, description: 'Models opened to guests' },
} as const;

export type RoleName = keyof typeof ROLES;

const CATALOGUE = {
  users: ['create', 'read', 'update', 'delete'],
  roles: ['read', 'manage', 'assign'],
  credits: ['read', 'adjust'],
  promos: ['read', 'manage', 'redeem'],
  services: ['use', 'read', 'configure'],
  tools: ['use', 'configure'],
  usage: ['read'],
  audit: ['read'],
  settings: ['read', 'update'],
  keys: ['read', 'manage'],
} as const;

type Catalogue = typeof CATALOGUE;
export type Permission = { [R in keyof Catalogue]: `${R}:${Catalogue[R][number]}` }[keyof Catalogue];

/**
 * How far a permission reaches, narrowest first: one's own, the teams one manages, everybody's. Of services and
 * tools, `own` are those that were opened to guests, and `any` are all.
 */
export const SCOPES = ['own', 'team', 'any'] as const;
export type Scope = (typeof SCOPES)[number];

export const PERMISSIONS: readonly Permission[] = Object.entries(CATALOGUE).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}`).filter(isPermission),
);

/** True for the permissions of the catalogue. */
export function isPermission(value: string): value is Permission {
  const [resource, action, ...rest] = value.split(':');
  const known = Object.entries(CATALOGUE).find(([name]) => name === resource)?.[1];
  return rest.length === 0 && (known?.some((candidate) => candidate === action) ?? false);
}

/** What somebody may do, and how far. */
export type Grants = Partial<Record<Permission, Scope>>;

const everything = (scope: Scope, except: readonly Permission[] = []): Grants =>
  Object.fromEntries(PERMISSIONS.filter((p) => !except.includes(p)).map((p) => [p, scope]));

const ownData: Grants = {
  'users:read': 'own',
  'users:update': 'own',
  'credits:read': 'own',
  'usage:read': 'own',
  'keys:read': 'own',
  'keys:manage': 'own',
  'services:use': 'any',
  'tools:use': 'any',
  'promos:redeem': 'own',
};

/** What system roles start with; the database is seeded with the same (a test says equal), and can be changed. */
export const ROLE_GRANTS: Record<RoleName, Grants> = {
  superadmin: everything('any'),
  admin: everything('any', ['roles:manage', 'settings:update']),
  manager: {
    ...ownData,
    'users:read': 'team',
    'credits:read': 'team',
    'credits:adjust': 'team',
    'usage:read': 'team',
    'keys:read': 'team',
  },
  user: ownData,
  guest: { 'services:use': 'own' },
};

/** True for the five system roles. */
export function isRoleName(value: string): value is RoleName {
  return Object.hasOwn(ROLES, value);
}

/** How narrow a permission can be; of what belongs to nobody, less than `any` would be nothing. */
const SCOPES_OF: Partial<Record<Permission, readonly Scope[]>> = {
  'users:read': SCOPES,
  'users:update': SCOPES,
  'users:delete': SCOPES,
  'credits:read': SCOPES,
  'credits:adjust': ['team', 'any'],
  'promos:redeem': ['own', 'any'],
  'services:use': ['own', 'any'],
  'tools:use': ['own', 'any'],
  'usage:read': SCOPES,
  'keys:read': SCOPES,
  'keys:manage': SCOPES,
};

/** The scopes in which this permission means something, narrowest first. */
export const scopesOf = (permission: Permission): readonly Scope[] => SCOPES_OF[permission] ?? ['any'];

/** The one policy function: how far these grants let somebody do this, or not at all. */
export function scopeOf(grants: Grants, permission: Permission): Scope | undefined {
  const scope = grants[permission];
  return scope !== undefined && scopesOf(permission).includes(scope) ? scope : undefined;
}

/** Whom a permission reaches. */
export type Reach = { kind: 'everybody' } | { kind: 'people'; ids: readonly string[] };

/** Members of the teams that somebody manages: so many are reached at most. */
export const REACH_LIMIT = 10_000;

/**
 * Whom a scope reaches, for lists and single calls alike: `own` is the person, `team` also the members of the
 * teams that they manage, `any` is everybody. Members are asked for only where they matter.
 */
export async function reachOfScope(
  scope: Scope,
  userId: string,
  membersOf: (managerId: string) => Promise<readonly string[]>,
): Promise<Reach> {
  if (scope === 'any') return { kind: 'everybody' };
  const members = scope === 'team' ? await membersOf(userId) : [];
  return { kind: 'people', ids: [...new Set([userId, ...members])] };
}

/** True when this person is among whom a permission reaches. */
export const reaches = (reach: Reach, userId: string): boolean =>
  reach.kind === 'everybody' || reach.ids.includes(userId);

/** The wider of two, permission by permission: what somebody with several roles may do. */
export function uniteGrants(all: readonly Grants[]): Grants {
  return Object.fromEntries(
    PERMISSIONS.flatMap((permission) => {
      const widest = SCOPES.findLast((scope) => all.some((grants) => grants[permission] === scope));
      return widest === undefined ? [] : [[permission, widest]];
    }),
  );
}

const widthOf = (scope: Scope | undefined) => (scope === undefined ? -1 : SCOPES.indexOf(scope));

/** The narrower of two, permission by permission: what both let somebody do. */
export function intersectGrants(one: Grants, other: Grants): Grants {
  return Object.fromEntries(
    PERMISSIONS.flatMap((permission) => {
      const scope = SCOPES[Math.min(widthOf(one[permission]), widthOf(other[permission]))];
      return scope === undefined ? [] : [[permission, scope]];
    }),
  );
}

/** The permissions by which `wished` goes beyond `held`: nobody gives what they do not have. */
export const grantsBeyond = (held: Grants, wished: Grants): Permission[] =>
  PERMISSIONS.filter((permission) => widthOf(wished[permission]) > widthOf(held[permission]));

/** These grants, but only for the permissions named: what a key or a client was given of its person's. */
export function narrowGrants(grants: Grants, permissions: readonly string[]): Grants {
  return Object.fromEntries(
    Object.entries(grants).filter(([permission]) => permissions.includes(permission)),
  );
}

/** What an account waits for until its e-mail address is verified, where that is required. */
export const NEEDS_VERIFIED_EMAIL: readonly Permission[] = ['keys:manage', 'promos:redeem'];
