import { DomainError, type Session } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import { type OpenedSession, REFRESH_TTL } from './open-session.ts';

const NAME = 'hub_refresh';

const options = ({ secureCookies }: AuthContext) => ({
  path: '/api/v1/auth',
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: secureCookies,
});

/** Hands the refresh token to the browser's cookie jar, or to a program in the body. */
export function deliver(
  ctx: AuthContext,
  { refreshToken, ...session }: OpenedSession,
  by: 'cookie' | 'body',
): Session {
  if (by === 'body') return { ...session, refreshToken };
  ctx.http.reply.setCookie(NAME, refreshToken, { ...options(ctx), maxAge: REFRESH_TTL });
  return session;
}

/** The cookie's token; refused when another site made the browser send it. */
export function readCookie(ctx: AuthContext): string | undefined {
  const token = ctx.http.request.cookies[NAME];
  const site = ctx.http.request.headers['sec-fetch-site'];
  if (token !== undefined && site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new DomainError('forbidden', { detail: 'this request came from another site' });
  }
  return token;
}

export function clearCookie(ctx: AuthContext): void {
  ctx.http.reply.clearCookie(NAME, options(ctx));
}
