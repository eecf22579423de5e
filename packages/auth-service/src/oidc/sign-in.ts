import { randomUUID } from 'node:crypto';
import { appendAudit, type Transaction } from '@smart-ai-hub/database';
import { DomainError, type SecondFactorNeeded } from '@smart-ai-hub/shared/contracts';
import { createAccount } from '../accounts/create-account.ts';
import { isGone } from '../accounts/grace.ts';
import type { AuthContext } from '../context.ts';
import { askSecondFactor } from '../second-factor/challenge.ts';
import type { OpenedSession, UserRow } from '../sessions/open-session.ts';
import { signIn } from '../sessions/sign-in.ts';
import type { OutsideAccount } from './outside-account.ts';

/**
 * Signs in whoever this account elsewhere belongs to: the person it is linked to; else the one with the same
 * address, where both sides have verified it; else somebody new. An account elsewhere is no second factor: whoever
 * set one up here is asked for it. Rejects with `sign-in-failed` where that cannot be told, and with
 * `account-disabled`.
 */
export async function signInWith(
  ctx: AuthContext,
  account: OutsideAccount,
): Promise<OpenedSession | SecondFactorNeeded> {
  const { provider, subject, verifiedEmail } = account;
  const { prisma } = ctx.database;
  const linked = await prisma.identity.findUnique({
    where: { provider_subject: { provider, subject } },
    include: { user: true },
  });
  if (linked) return enter(ctx, linked.user);
  if (verifiedEmail === undefined) {
    throw new DomainError('sign-in-failed', { detail: 'the provider did not verify an address' });
  }
  const known = await prisma.user.findUnique({ where: { email: verifiedEmail } });
  if (!known) return register(ctx, account, verifiedEmail);
  if (!known.verified) {
    throw new DomainError('sign-in-failed', { detail: 'sign in with the password and link the provider' });
  }
  return enter(ctx, known, (tx) => link(ctx, tx, known.id, account));
}

interface Person extends UserRow {
  disabledAt: Date | null;
}

async function enter(
  ctx: AuthContext,
  person: Person,
  after?: (tx: Transaction) => Promise<void>,
): Promise<OpenedSession | SecondFactorNeeded> {
  if (isGone(person)) throw new DomainError('sign-in-failed', { detail: 'the account is deleted' });
  if (person.disabledAt) throw new DomainError('account-disabled');
  const needed = await askSecondFactor(ctx, person.id);
  return needed ?? signIn(ctx, person, 'oidc', after);
}

/** The way that everybody registers, without a password; the provider has verified the address. */
const register = (ctx: AuthContext, account: OutsideAccount, email: string): Promise<OpenedSession> =>
  createAccount(
    ctx,
    { email, locale: account.locale, verified: true },
    { after: (tx, userId) => link(ctx, tx, userId, account) },
  );

/** Last in its transaction, as the audit log asks. */
export async function link(
  ctx: AuthContext,
  tx: Transaction,
  userId: string,
  { provider, subject, email }: OutsideAccount,
): Promise<void> {
  const id = randomUUID();
  await tx.identity.create({ data: { id, userId, provider, subject, email } });
  const { address, userAgent, requestId } = ctx;
  await appendAudit(tx, {
    ...{ actorId: userId, address, userAgent, requestId },
    action: 'identity.linked',
    targetType: 'identity',
    targetId: id,
    after: { provider },
  });
}
