import { PERMISSIONS, type PermissionView, type Role, scopesOf } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { roleView, WITH_GRANTS } from './role-records.ts';

/** The catalogue, in its own order. */
export const listPermissions = (): PermissionView[] =>
  PERMISSIONS.map((name) => {
    const [resource = '', action = ''] = name.split(':');
    return { name, resource, action, scopes: [...scopesOf(name)] };
  });

/** All roles, highest first. */
export async function listRoles({ database: { prisma } }: SignedInContext): Promise<Role[]> {
  const records = await prisma.role.findMany({
    include: WITH_GRANTS,
    orderBy: [{ level: 'desc' }, { name: 'asc' }],
  });
  return records.map(roleView);
}
