import { randomUUID } from 'node:crypto';
import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import type { NewRole, Role } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { administrator, requireAbove, requireHeld } from './administrator.ts';
import { grantWords, roleIn, writeGrants } from './role-records.ts';

/** Makes a role below the actor's own level, of what the actor may do. */
export async function createRole(
  ctx: SignedInContext,
  { name, level, description, grants }: NewRole,
): Promise<Role> {
  return withTransaction(ctx.database, async (tx) => {
    const actor = await administrator(ctx, tx, 'roles:manage');
    requireAbove(actor, level);
    requireHeld(actor, grants);
    const { id } = await tx.role.create({ data: { id: randomUUID(), name, level, description } });
    await writeGrants(tx, id, grants);
    const role = await roleIn(tx, name);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'role.created', targetType: 'role', targetId: name },
      after: { level, description, grants: grantWords(role.grants) },
    });
    return role;
  }).catch(refuseTaken);
}
