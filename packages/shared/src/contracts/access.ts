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

/** How far a permission reaches, narrowest first. */
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

type Grants = Partial<Record<Permission, Scope>>;

const everything = (scope: Scope, except: readonly Permission[] = []): Grants =>
  Object.fromEntries(PERMISSIONS.filter((p) => !except.includes(p)).map((p) => [p, scope]));

const ownData: Grants = {
  'users:read': 'own',
  'users:update': 'own',
  'credits:read': 'own',
  'usage:read': 'own',
  'keys:read': 'own',
  'keys:manage': 'own',
  'services:use': 'own',
  'tools:use': 'own',
  'promos:redeem': 'own',
};

/** Role → permission → scope; the database is seeded with the same (a test says equal). */
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

/** The one policy function: the widest scope in which these roles hold the permission, or none. */
export function scopeOf(roles: readonly string[], permission: Permission): Scope | undefined {
  const held = roles.filter(isRoleName).map((role) => ROLE_GRANTS[role][permission]);
  return SCOPES.findLast((scope) => held.includes(scope));
}
