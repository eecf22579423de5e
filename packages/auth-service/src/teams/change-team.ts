import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  appendAudit,
  auditOf,
  isUniqueViolation,
  type Transaction,
  withAnnouncement,
} from '@smart-ai-hub/database';
import { DomainError, type Team } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { requireEverybody } from '../users/require-everybody.ts';
import { everything, findTeam, teamView } from './find-teams.ts';
import { requireManager, requireNoGain } from './manager.ts';

/** Makes a team without members. */
export async function createTeam(ctx: SignedInContext, facts: Facts): Promise<Team> {
  const { managerId } = facts;
  await requireEverybody(ctx, 'users:update');
  await requireNoGain(ctx, managerId);
  const id = randomUUID();
  await withAnnouncement(ctx, async (tx, tell) => {
    await requireManager(tx, managerId);
    await tx.team.create({ data: { id, ...facts } });
    tell(...subjects(managerId));
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'team.created',
      ...{ targetType: 'team', targetId: id },
      after: { ...facts },
    });
  }).catch(nameTaken);
  return teamView(await findTeam(ctx, everything(ctx), id));
}

export interface TeamChange {
  name?: string | undefined;
  managerId?: string | null | undefined;
  monthlyLimitMicro?: number | null | undefined;
}

/**
 * Renames a team, gives it another manager or none, whereupon the former reaches its members no more, or another
 * monthly limit, which holds from their next call on.
 */
export async function updateTeam(ctx: SignedInContext, teamId: string, change: TeamChange): Promise<Team> {
  await requireEverybody(ctx, 'users:update');
  const { manager_id: formerId } = await findTeam(ctx, everything(ctx), teamId);
  const { managerId: nextId = formerId } = change;
  if (nextId !== formerId) await requireNoGain(ctx, nextId);
  await withAnnouncement(ctx, async (tx, tell) => {
    const before = await lock(tx, teamId);
    const { name = before.name, managerId = before.managerId } = change;
    const { monthlyLimitMicro = before.monthlyLimitMicro } = change;
    const after: Facts = { name, managerId, monthlyLimitMicro };
    if (isDeepStrictEqual(before, after)) return;
    if (after.monthlyLimitMicro !== before.monthlyLimitMicro) tell(`team:${teamId}`);
    if (managerId !== before.managerId) {
      await requireManager(tx, managerId);
      tell(...subjects(before.managerId, managerId));
    }
    await tx.team.update({ where: { id: teamId }, data: after });
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'team.updated',
      ...{ targetType: 'team', targetId: teamId },
      before: { ...before },
      after: { ...after },
    });
  }).catch(nameTaken);
  return teamView(await findTeam(ctx, everything(ctx), teamId));
}

/** Deletes a team; its manager reaches its members no more, and its limit ends. */
export async function deleteTeam(ctx: SignedInContext, teamId: string): Promise<void> {
  await requireEverybody(ctx, 'users:update');
  await withAnnouncement(ctx, async (tx, tell) => {
    const before = await lock(tx, teamId);
    await tx.team.delete({ where: { id: teamId } });
    tell(`team:${teamId}`, ...subjects(before.managerId));
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'team.deleted',
      ...{ targetType: 'team', targetId: teamId },
      before: { ...before },
    });
  });
}

interface Facts {
  name: string;
  managerId: string | null;
  monthlyLimitMicro: number | null;
}

/** The team as nobody else changes it before this transaction ends. */
async function lock(tx: Transaction, teamId: string): Promise<Facts> {
  const [row] = await tx.$queryRaw<
    (Omit<Facts, 'monthlyLimitMicro'> & { monthlyLimitMicro: bigint | null })[]
  >`
    SELECT name::text AS name, manager_id AS "managerId", monthly_limit_micro AS "monthlyLimitMicro" FROM auth.teams WHERE id = ${teamId}::uuid FOR UPDATE`;
  if (row)
    return {
      ...row,
      monthlyLimitMicro: row.monthlyLimitMicro === null ? null : Number(row.monthlyLimitMicro),
    };
  throw new DomainError('not-found');
}

/** Who has to be announced, since whom they reach has changed. */
const subjects = (...managerIds: (string | null)[]) =>
  managerIds.filter((id) => id !== null).map((id) => `user:${id}`);

function nameTaken(cause: unknown): never {
  throw isUniqueViolation(cause) ? new DomainError('name-taken', { cause }) : cause;
}
