import { DomainError, type RoleMember } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { decodeCursor, type Page, pageOf } from '@smart-ai-hub/shared/service';

const CURSOR = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who has the role, by keyset over their ids. */
export async function listRoleMembers(
  { database: { prisma } }: SignedInContext,
  name: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<RoleMember>> {
  const after = cursor === undefined ? {} : { userId: { gt: decodeCursor(cursor, CURSOR) } };
  const role = await prisma.role.findUnique({ where: { name }, select: { id: true } });
  if (!role) throw new DomainError('not-found', { detail: `there is no role ${name}` });
  const records = await prisma.userRole.findMany({
    where: { roleId: role.id, ...after },
    orderBy: { userId: 'asc' },
    take: limit + 1,
  });
  return pageOf(records, limit, ({ userId }) => userId, memberView);
}

const memberView = ({
  userId,
  assignedAt,
  assignedBy,
}: {
  userId: string;
  assignedAt: Date;
  assignedBy: string | null;
}): RoleMember => ({ userId, assignedAt: assignedAt.toISOString(), assignedBy });
