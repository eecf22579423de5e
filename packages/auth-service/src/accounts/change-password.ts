import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import type { SignedInContext } from '../context.ts';
import { endAllSessions } from '../sessions/end-all.ts';
import { provePassword } from './prove-password.ts';
import { acceptPassword, replacePassword } from './set-password.ts';

/** Sets a new password, and ends every session but this one, and what was lent to clients, at once. */
export async function changePassword(
  ctx: SignedInContext,
  { password, newPassword }: { password: string; newPassword: string },
): Promise<void> {
  const person = await provePassword(ctx, password);
  const hash = await acceptPassword(ctx, person, newPassword);
  await withAnnouncement(ctx, async (tx, tell) => {
    await replacePassword(ctx, tx, person, hash);
    await endAllSessions(tx, person.id, { reason: 'password changed', except: person.sessionId });
    tell(`user:${person.id}`);
    await appendAudit(tx, {
      ...auditOf(ctx),
      action: 'password.changed',
      targetType: 'user',
      targetId: person.id,
    });
  });
}
