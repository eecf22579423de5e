import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, type Grants, type Role, type RoleChange } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { administrator, requireAbove, requireHeld } from './administrator.ts';
import { grantWords, roleIn, writeGrants } from './role-records.ts';

/** Changes a role below the actor's own level, to what the actor may do; everybody who has it is asked anew. */
export async function updateRole(ctx: SignedInContext, roleName: string, change: RoleChange): Promise<Role> {
  return withAnnouncement(ctx, async (tx, tell) => {
    const actor = await administrator(ctx, tx, 'roles:manage');
    const { id, ...before } = await roleIn(tx, roleName);
    requireAbove(actor, before.level);
    if (before.system) keepSystem(before, change);
    const { name = before.name, level = before.level, description = before.description } = change;
    requireAbove(actor, level);
    if (change.grants) requireHeld(actor, change.grants);
    await tx.role.update({ where: { id }, data: { name, level, description } });
    if (change.grants) await writeGrants(tx, id, change.grants);
    const after = await roleIn(tx, name);
    tell(`role:${roleName}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'role.updated', targetType: 'role', targetId: roleName },
      ...{ before: factsOf(before), after: factsOf(after) },
    });
    return after;
  }).catch(refuseTaken);
}

/** What the system's roles are called and stand for stays, and so does everything about the top. */
function keepSystem(role: Role, { grants, ...words }: RoleChange): void {
  const isOther = Object.entries(words).some(([field, value]) => Reflect.get(role, field) !== value);
  const isTopChanged = role.name === 'superadmin' && grants !== undefined && !sameGrants(role.grants, grants);
  if (isOther || isTopChanged) throw new DomainError('system-role');
}

const sameGrants = (one: Grants, other: Grants) => grantWords(one).join() === grantWords(other).join();

const factsOf = ({ name, level, description, grants }: Role) => ({
  ...{ name, level, description },
  grants: grantWords(grants),
});
