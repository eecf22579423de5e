import type { AuthContext } from '../context.ts';
import { FLOW_TTL } from './flow.ts';

const NAME = 'hub_oidc';

/** Lax, since the provider leads the browser back from another site. */
const options = ({ secureCookies }: AuthContext) => ({
  path: '/api/v1/auth/oidc',
  httpOnly: true,
  sameSite: 'lax' as const,
  secure: secureCookies,
});

export function keepSecret(ctx: AuthContext, secret: string): void {
  ctx.http.reply.setCookie(NAME, secret, { ...options(ctx), maxAge: FLOW_TTL });
}

/** What this browser was given when it was sent away, if it was; taken from it. */
export function takeSecret(ctx: AuthContext): string | undefined {
  const secret = ctx.http.request.cookies[NAME];
  if (secret !== undefined) ctx.http.reply.clearCookie(NAME, options(ctx));
  return secret;
}
