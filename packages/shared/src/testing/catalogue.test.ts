import { openDatabase } from '@smart-ai-hub/database';
import { expect, inject, test } from 'vitest';
import { PERMISSIONS, ROLE_GRANTS, ROLES } from '../contracts/index.ts';
import { freshDatabase } from './database.ts';

test('the database holds the same roles, permissions and grants as the contracts', async () => {
  await using fresh = await freshDatabase(inject('postgres'));
  const { prisma, close } = openDatabase({ url: fresh.coreUrl });
  const permissions = await prisma.permission.findMany();
  const roles = await prisma.role.findMany({ include: { permissions: { include: { permission: true } } } });
  await close();

  expect(permissions.map(({ name }) => name).toSorted()).toEqual(PERMISSIONS.toSorted());
  const stored = roles.map(({ name, level, description, permissions: grants }) => [
    name,
    {
      level,
      description,
      grants: Object.fromEntries(grants.map(({ scope, permission }) => [permission.name, scope])),
    },
  ]);
  const stated = Object.entries(ROLES).map(([name, role]) => [
    name,
    { ...role, grants: new Map<string, object>(Object.entries(ROLE_GRANTS)).get(name) },
  ]);
  expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(stated));
});
