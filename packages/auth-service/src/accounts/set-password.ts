import type { Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { NOTICE_MAIL } from '../mail/notice-mail.ts';
import { hashPassword, refuseWeak, verifyPassword } from './password.ts';

/** Passwords that are not taken again: the present one and those before it. */
const REMEMBERED = 5;

interface Holder {
  id: string;
  email: string;
  passwordHash: string | null;
}

/** The hash of a password that this person may take. Throws `weak-password` and `password-reused`. */
export async function acceptPassword(
  { database: { prisma } }: AuthDeps,
  { id, email, passwordHash }: Holder,
  password: string,
): Promise<string> {
  refuseWeak(password, email);
  const former = await prisma.formerPassword.findMany({
    where: { userId: id },
    orderBy: { replacedAt: 'desc' },
    take: REMEMBERED - 1,
  });
  const hashes = [passwordHash, ...former.map(({ hash }) => hash)];
  for (const hash of hashes) {
    if (await verifyPassword(hash, password)) throw new DomainError('password-reused');
  }
  return hashPassword(password);
}

/** Replaces the password, remembers the one before, and lets the person know by mail. */
export async function replacePassword(
  { enqueue }: AuthDeps,
  tx: Transaction,
  { id, passwordHash: former }: Holder,
  passwordHash: string,
): Promise<void> {
  await tx.user.update({ where: { id }, data: { passwordHash } });
  if (former !== null) await tx.formerPassword.create({ data: { userId: id, hash: former } });
  await tx.$executeRaw`
    DELETE FROM auth.former_passwords WHERE user_id = ${id}::uuid AND hash NOT IN (
      SELECT hash FROM auth.former_passwords WHERE user_id = ${id}::uuid
      ORDER BY replaced_at DESC LIMIT ${REMEMBERED - 1})`;
  await enqueue(tx, NOTICE_MAIL, { userId: id, notice: 'password-changed' });
}
