import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { administrator, requireAbove } from './administrator.ts';
import { grantWords, roleIn } from './role-records.ts';

/** Deletes a role below the actor's own level that nobody has. */
export async function deleteRole(ctx: SignedInContext, name: string): Promise<void> {
  await withTransaction(ctx.database, async (tx) => {
    const actor = await administrator(ctx, tx, 'roles:manage');
    const { id, system, members, level, description, grants } = await roleIn(tx, name);
    if (system) throw new DomainError('system-role');
    requireAbove(actor, level);
    if (members > 0) throw new DomainError('role-in-use', { detail: `${members} people have it` });
    await tx.role.delete({ where: { id } });
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'role.deleted', targetType: 'role', targetId: name },
      before: { level, description, grants: grantWords(grants) },
    });
  });
}
