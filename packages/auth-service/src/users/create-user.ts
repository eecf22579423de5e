import { randomUUID } from 'node:crypto';
import { appendAudit, isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Person } from '@smart-ai-hub/shared/contracts';
import { auditOf } from '../audit-of.ts';
import type { SignedInContext } from '../context.ts';
import { findPerson, viewOf } from './find-people.ts';
import { requireEverybody } from './require-everybody.ts';

/** Milliseconds: somebody who is invited may not read mail before the week is over. */
const INVITATION_TTL = 7 * 24 * 3600 * 1000;

/**
 * An account without a password for somebody else. Its person chooses one by the link that the job `mail` sends to
 * the address, which proves the address too.
 */
export async function createUser(
  ctx: SignedInContext,
  { email, locale }: { email: string; locale: 'en' | 'th' },
): Promise<Person> {
  await requireEverybody(ctx, 'users:create');
  const [id, verificationId] = [randomUUID(), randomUUID()];
  const expiresAt = new Date(Date.now() + INVITATION_TTL);
  try {
    await withTransaction(ctx.database, async (tx) => {
      await tx.user.create({ data: { id, email, locale } });
      await tx.verificationToken.create({
        data: { id: verificationId, userId: id, purpose: 'reset-password', email, expiresAt },
      });
      await ctx.core.openAccount({ body: { userId: id } });
      await ctx.enqueue(tx, 'mail', { verificationId });
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
