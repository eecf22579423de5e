import { randomUUID } from 'node:crypto';
import type { Enqueue, Transaction } from '@smart-ai-hub/database';
import { TOKEN_MAIL } from '../mail/token-mail.ts';
import type { Purpose } from './purposes.ts';

/** Mails of one purpose to one person in an hour. */
const AN_HOUR = 3;

/**
 * Orders the mail with a code or a link; nothing that opens anything exists before it is written. Answers false, and
 * orders none, where there were as many within the hour. The same statements run for a person that does not exist.
 */
export async function issueToken(
  { enqueue }: { enqueue: Enqueue },
  tx: Transaction,
  { userId, email, purpose }: { userId: string; email: string; purpose: Purpose },
): Promise<boolean> {
  const id = randomUUID();
  // whoever else asks for the same person waits, so that the count below is true
  await tx.$queryRaw`SELECT 1 FROM auth.users WHERE id = ${userId}::uuid FOR UPDATE`;
  const issued = await tx.$executeRaw`
    INSERT INTO auth.verification_tokens (id, user_id, purpose, email, expires_at)
    SELECT ${id}::uuid, u.id, ${purpose}, ${email}, now() + interval '1 day' FROM auth.users u
    WHERE u.id = ${userId}::uuid AND ${AN_HOUR} > (
      SELECT count(*) FROM auth.verification_tokens t
      WHERE t.user_id = u.id AND t.purpose = ${purpose} AND t.created_at > now() - interval '1 hour')`;
  await enqueue(tx, TOKEN_MAIL, { tokenId: id });
  return issued === 1;
}
