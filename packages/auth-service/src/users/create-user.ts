import { randomUUID } from 'node:crypto';
import { appendAudit, auditOf, isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Person } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { issueToken } from '../verification/issue-token.ts';
import { findPerson, viewOf } from './find-people.ts';
import { requireEverybody } from './require-everybody.ts';

/**
 * An account without a password for somebody else. Its person chooses one by a mailed link, and asks for another
 * as after forgetting it once that has expired.
 */
export async function createUser(
  ctx: SignedInContext,
  { email, locale }: { email: string; locale: 'en' | 'th' },
): Promise<Person> {
  await requireEverybody(ctx, 'users:create');
  const id = randomUUID();
  try {
    await withTransaction(ctx.database, async (tx) => {
      await tx.user.create({ data: { id, email, locale } });
      await ctx.core.openAccount({ body: { userId: id } });
      await issueToken(ctx, tx, { userId: id, email, purpose: 'invitation' });
      await appendAudit(tx, {
        ...auditOf(ctx),
        action: 'user.created',
        ...{ targetType: 'user', targetId: id },
        after: { email, locale },
      });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('email-taken', { cause: error });
    throw error;
  }
  return viewOf(ctx, await findPerson(ctx, 'users:create', id));
}
