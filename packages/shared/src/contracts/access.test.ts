import { describe, expect, test } from 'vitest';
import {
  type Grants,
  grantsBeyond,
  intersectGrants,
  isPermission,
  isRoleName,
  narrowGrants,
  type Permission,
  PERMISSIONS,
  reaches,
  reachOfScope,
  ROLE_GRANTS,
  ROLES,
  type RoleName,
  type Scope,
  scopeOf,
  SCOPES,
  scopesOf,
  uniteGrants,
} from './access.ts';

describe('the catalogue', () => {
  test('lists every permission once', () => {
    expect(PERMISSIONS.length).toBeGreaterThan(20);
    expect(new Set(PERMISSIONS).size).toBe(PERMISSIONS.length);
    expect(PERMISSIONS.every(isPermission)).toBe(true);
  });

  test.each(['', 'users', 'users:', 'users:fly', 'users:read:any', 'constructor:name', 'toString:read'])(
    'does not know %j',
    (value) => {
      expect(isPermission(value)).toBe(false);
    },
  );

  test.each(['', 'root', 'Admin', 'constructor', '__proto__'])('has no role %j', (value) => {
    expect(isRoleName(value)).toBe(false);
  });

  test('gives a higher role nothing less than a lower one', () => {
    const byLevel = Object.keys(ROLES)
      .filter(isRoleName)
      .toSorted((a, b) => ROLES[b].level - ROLES[a].level);
    expect(byLevel).toEqual(['superadmin', 'admin', 'manager', 'user', 'guest']);
    for (const [index, role] of byLevel.entries()) {
      const below = byLevel[index + 1];
      if (below)
        expect(Object.keys(ROLE_GRANTS[role])).toEqual(
          expect.arrayContaining(Object.keys(ROLE_GRANTS[below])),
        );
    }
  });
});

describe('what several roles let somebody do', () => {
  test.each<[readonly RoleName[], Permission, string | undefined]>([
    [['user'], 'credits:read', 'own'],
    [['manager'], 'credits:read', 'team'],
    [['superadmin'], 'credits:read', 'any'],
    [['guest', 'user', 'manager'], 'credits:read', 'team'],
    [['manager', 'admin', 'guest'], 'credits:read', 'any'],
    [['admin'], 'roles:manage', undefined],
    [['admin'], 'settings:update', undefined],
    [['superadmin'], 'roles:manage', 'any'],
    [['user'], 'users:delete', undefined],
    [['guest'], 'keys:manage', undefined],
    [['guest'], 'services:use', 'own'],
    [['guest', 'user'], 'services:use', 'any'],
    [[], 'services:use', undefined],
  ])('%j: %s in scope %s', (roles, permission, scope) => {
    expect(scopeOf(uniteGrants(roles.map((role) => ROLE_GRANTS[role])), permission)).toBe(scope);
  });

  test('a key that names permissions never has more than its person', () => {
    const narrowed = narrowGrants(ROLE_GRANTS.user, ['credits:read', 'roles:manage', '__proto__']);
    expect(narrowed).toEqual({ 'credits:read': 'own' });
  });
});

describe('a scope', () => {
  test('that means nothing for its permission opens nothing', () => {
    for (const permission of PERMISSIONS) {
      for (const scope of SCOPES) {
        const reach = scopeOf({ [permission]: scope }, permission);
        expect(reach, `${permission} ${scope}`).toBe(
          scopesOf(permission).includes(scope) ? scope : undefined,
        );
      }
    }
  });

  test.each<[Permission, readonly string[]]>([
    ['roles:manage', ['any']],
    ['audit:read', ['any']],
    ['settings:read', ['any']],
    ['credits:adjust', ['team', 'any']],
    ['services:use', ['own', 'any']],
    ['usage:read', ['own', 'team', 'any']],
  ])('of %s is one of %j', (permission, scopes) => {
    expect(scopesOf(permission)).toEqual(scopes);
  });

  test('of every system role means something', () => {
    for (const grants of Object.values(ROLE_GRANTS))
      for (const permission of PERMISSIONS) expect(scopeOf(grants, permission)).toBe(grants[permission]);
  });
});

describe('two sets of grants', () => {
  const one: Grants = { 'usage:read': 'any', 'users:read': 'own', 'keys:read': 'team' };
  const other: Grants = { 'usage:read': 'team', 'users:read': 'any', 'audit:read': 'any' };

  test('have in common the narrower of each', () => {
    const common = { 'usage:read': 'team', 'users:read': 'own' };
    expect(intersectGrants(one, other)).toEqual(common);
    expect(intersectGrants(other, one)).toEqual(common);
    expect(intersectGrants(one, {})).toEqual({});
  });

  test('go beyond each other where one is missing or narrower', () => {
    expect(grantsBeyond(one, other)).toEqual(['users:read', 'audit:read']);
    expect(grantsBeyond(one, one)).toEqual([]);
    expect(grantsBeyond({}, one)).toHaveLength(3);
  });
});

describe('whom a scope reaches', () => {
  const [me, mine, other] = ['a', 'b', 'c'];
  const members = (managerId: string) => Promise.resolve(managerId === me ? [mine, me] : [other]);

  test.each<[Scope, string[]]>([
    ['own', [me]],
    ['team', [me, mine]],
    ['any', [me, mine, other]],
  ])('%s: %j', async (scope, reached) => {
    const reach = await reachOfScope(scope, me, members);
    expect([me, mine, other].filter((id) => reaches(reach, id))).toEqual(reached);
  });

  test('asks for members only where they matter, and names nobody twice', async () => {
    const unasked = () => Promise.reject(new Error('nobody asked'));
    expect(await reachOfScope('own', me, unasked)).toEqual({ kind: 'people', ids: [me] });
    expect(await reachOfScope('any', me, unasked)).toEqual({ kind: 'everybody' });
    expect(await reachOfScope('team', me, members)).toEqual({ kind: 'people', ids: [me, mine] });
  });
});
