import type { Transaction } from '@smart-ai-hub/database';
import { DomainError, type Grants, type Role, SCOPES, uniteGrants } from '@smart-ai-hub/shared/contracts';

/** What is read with a role, so that it can be shown. */
export const WITH_GRANTS = {
  permissions: { include: { permission: true } },
  _count: { select: { users: true } },
} as const;

interface RoleRecord {
  id: string;
  name: string;
  level: number;
  system: boolean;
  description: string;
  permissions: { scope: string; permission: { name: string } }[];
  _count: { users: number };
}

/** A role as the API shows it. */
export const roleView = ({ name, level, system, description, permissions, _count }: RoleRecord): Role => ({
  ...{ name, level, system, description },
  grants: grantsFrom(permissions),
  members: _count.users,
});

const grantsFrom = (rows: RoleRecord['permissions']): Grants =>
  uniteGrants(
    rows.map(({ scope, permission: { name } }) => ({ [name]: SCOPES.find((known) => known === scope) })),
  );

/** The role of this name; rejects with `not-found`. */
export async function roleIn(tx: Transaction, name: string): Promise<Role & { id: string }> {
  const record = await tx.role.findUnique({ where: { name }, include: WITH_GRANTS });
  if (!record) throw new DomainError('not-found', { detail: `there is no role ${name}` });
  return { id: record.id, ...roleView(record) };
}

/** From now on the role grants these, and nothing else. */
export async function writeGrants(tx: Transaction, roleId: string, grants: Grants): Promise<void> {
  await tx.rolePermission.deleteMany({ where: { roleId } });
  await tx.$executeRaw`
    INSERT INTO core.role_permissions (role_id, permission_id, scope)
    SELECT ${roleId}::uuid, p.id, wished.scope
    FROM unnest(${Object.keys(grants)}::text[], ${Object.values(grants)}::text[]) AS wished(name, scope)
    JOIN core.permissions p ON p.name = wished.name`;
}

/** Grants as the audit log keeps them. */
export const grantWords = (grants: Grants): string[] =>
  Object.entries(grants)
    .map(([permission, scope]) => `${permission} ${scope}`)
    .sort();
