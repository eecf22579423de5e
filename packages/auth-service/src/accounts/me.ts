import { DomainError, type User } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { userView } from '../sessions/open-session.ts';

/** The person behind the token, with the roles that the token carries. */
export async function me({ database, actor }: SignedInContext): Promise<User> {
  const row = await database.prisma.user.findUnique({ where: { id: actor.userId } });
  if (!row || row.deletedAt) throw new DomainError('unauthenticated');
  return userView(row, actor.roles);
}
