import { createHash } from 'node:crypto';
import { DomainError, type SecondFactorNeeded } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { askSecondFactor } from '../second-factor/challenge.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { signIn } from '../sessions/sign-in.ts';
import { noteFailedLogin } from './failed-login.ts';
import { isGone } from './grace.ts';
import { verifyPassword } from './password.ts';

const MAX_FAILURES = 5;
/** Seconds. */
const LOCK = 15 * 60;

/**
 * Signs in. The same words and the same time for an unknown address and for a wrong password; the fifth
 * failure in 15 minutes locks this account for this address, counted before the password is looked at so
 * that parallel guesses cannot outrun the count. Only the right password learns that its account was disabled.
 * Whoever has a second factor is asked for it and not let in yet.
 */
export async function login(
  ctx: AuthContext,
  { email, password }: { email: string; password: string },
): Promise<OpenedSession | SecondFactorNeeded> {
  const pair = createHash('sha256').update(`${email}\n${ctx.address}`).digest('base64url');
  const attempts = await ctx.store.increment(`login:${pair}`, LOCK);
  if (attempts > MAX_FAILURES) throw new DomainError('too-many-attempts', { retryAfter: LOCK });
  const row = await ctx.database.prisma.user.findUnique({ where: { email } });
  const matches = await verifyPassword(row?.passwordHash, password);
  if (!row || isGone(row) || !matches) {
    await noteFailedLogin(ctx, row?.id);
    throw new DomainError('invalid-credentials');
  }
  if (row.disabledAt) throw new DomainError('account-disabled');
  await ctx.store.delete(`login:${pair}`);
  const needed = await askSecondFactor(ctx, row.id);
  return needed ?? signIn(ctx, row, 'password');
}
