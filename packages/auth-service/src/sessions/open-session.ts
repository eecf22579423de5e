import { randomUUID } from 'node:crypto';
import { appendAudit, type Transaction } from '@smart-ai-hub/database';
import type { Actor, SignInMethod, User as UserView } from '@smart-ai-hub/shared/contracts';
import { restoreAccount } from '../accounts/delete-account.ts';
import type { AuthContext, AuthDeps } from '../context.ts';
import { hashToken, newOpaqueToken } from './opaque-token.ts';
import { ACCESS_TTL } from './signer.ts';

/** Seconds. */
export const REFRESH_TTL = 7 * 24 * 3600;

/** What a sign-in gives; how the refresh token travels is the handler's choice. */
export interface OpenedSession {
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  user: UserView;
}

/** A user row as far as a session needs it. */
export interface UserRow {
  id: string;
  email: string;
  locale: string;
  verified: boolean;
  createdAt: Date;
  deletedAt: Date | null;
}

/** What a person may do, as far as a session tells it. */
export type HeldAccess = Pick<Actor, 'roles' | 'grants'>;

/** Opens a session for a person who has just proven who they are; an account that they had deleted is theirs again. */
export async function openSession(
  ctx: AuthContext,
  tx: Transaction,
  row: UserRow,
  access: HeldAccess,
  method: SignInMethod = 'password',
): Promise<OpenedSession> {
  const session = await tx.session.create({
    data: {
      id: randomUUID(),
      userId: row.id,
      method,
      address: ctx.address,
      userAgent: ctx.userAgent?.slice(0, 400) ?? null,
      expiresAt: new Date(Date.now() + REFRESH_TTL * 1000),
    },
  });
  const opened = await issueTokens(ctx, tx, session.id, row, access);
  if (row.deletedAt) await restoreAccount(ctx, tx, row.id);
  const { address, userAgent, requestId } = ctx;
  await appendAudit(tx, {
    ...{ actorId: row.id, address, userAgent, requestId },
    ...{ action: 'session.opened', targetType: 'session', targetId: session.id },
  });
  return opened;
}

/** The next pair of tokens of a session. */
export async function issueTokens(
  ctx: AuthContext,
  tx: Transaction,
  sessionId: string,
  row: UserRow,
  access: HeldAccess,
): Promise<OpenedSession> {
  const refreshToken = newOpaqueToken('rt-');
  await tx.refreshToken.create({ data: { hash: hashToken(refreshToken), sessionId } });
  const roles = [...access.roles];
  const accessToken = await ctx.signer.access({ sub: row.id, email: row.email, roles, sid: sessionId });
  return { accessToken, expiresIn: ACCESS_TTL, refreshToken, user: userView(ctx, row, access) };
}

/** A person as the API shows them. */
export const userView = (
  { requireVerifiedEmail }: AuthDeps,
  { id, email, verified, locale, createdAt }: Omit<UserRow, 'deletedAt'>,
  { roles, grants }: HeldAccess,
): UserView => ({
  ...{ id, email, verified },
  mustVerify: requireVerifiedEmail && !verified,
  roles: [...roles],
  grants,
  locale: locale === 'th' ? 'th' : 'en',
  createdAt: createdAt.toISOString(),
});
