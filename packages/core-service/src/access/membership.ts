import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, type PersonAccess } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { accessIn } from './access-of.ts';
import { type Administrator, administrator, requireAbove, requireHeld } from './administrator.ts';
import { roleIn } from './role-records.ts';

/** A role and a person. */
export interface Membership {
  name: string;
  userId: string;
}

/** Gives the role to somebody else who stands, as the role does, below the actor; holds at their next request. */
export async function assignRole(ctx: SignedInContext, { name, userId }: Membership): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const actor = await administrator(ctx, tx, 'roles:assign');
    const role = await roleIn(tx, name);
    const person = await personIn(tx, userId);
    requireOver(actor, userId, person);
    requireAbove(actor, role.level);
    requireHeld(actor, role.grants);
    if (person.roles.includes(name)) return;
    await tx.userRole.create({ data: { userId, roleId: role.id, assignedBy: actor.userId } });
    tell(`user:${userId}`);
    await rememberRoles(ctx, tx, 'role.assigned', userId, person);
  });
}

/** Takes the role from somebody else who stands, as the role does, below the actor; the last superadmin stays. */
export async function takeRole(ctx: SignedInContext, { name, userId }: Membership): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const actor = await administrator(ctx, tx, 'roles:assign');
    const role = await roleIn(tx, name);
    const person = await personIn(tx, userId);
    if (!person.roles.includes(name))
      throw new DomainError('not-found', { detail: 'they do not have this role' });
    if (name === 'superadmin' && role.members === 1) throw new DomainError('last-superadmin');
    requireOver(actor, userId, person);
    requireAbove(actor, role.level);
    await tx.userRole.delete({ where: { userId_roleId: { userId, roleId: role.id } } });
    tell(`user:${userId}`);
    await rememberRoles(ctx, tx, 'role.taken', userId, person);
  });
}

/** What somebody may do now; rejects with `not-found` for somebody who has no account. */
async function personIn(tx: Transaction, userId: string): Promise<PersonAccess> {
  const accounts = await tx.creditAccount.count({ where: { userId } });
  if (accounts === 0) throw new DomainError('not-found', { detail: 'there is no such person' });
  return accessIn(tx, userId);
}

function requireOver(actor: Administrator, userId: string, { level }: PersonAccess): void {
  if (userId === actor.userId)
    throw new DomainError('forbidden', { detail: 'nobody changes their own roles' });
  requireAbove(actor, level);
}

async function rememberRoles(
  ctx: SignedInContext,
  tx: Transaction,
  action: string,
  userId: string,
  before: PersonAccess,
): Promise<void> {
  const { roles } = await accessIn(tx, userId);
  await appendAudit(tx, {
    ...auditOf(ctx),
    ...{ action, targetType: 'user', targetId: userId },
    ...{ before: { roles: before.roles }, after: { roles } },
  });
}
