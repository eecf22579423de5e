import { type authContract, DomainError } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { clearCookie, deliver, readCookie } from '../sessions/cookie.ts';
import { endSession } from '../sessions/end-session.ts';
import { refreshSession } from '../sessions/refresh-session.ts';
import { createAccount } from './create-account.ts';
import { login } from './login.ts';
import { me } from './me.ts';
import { isSetupOpen, setup } from './setup.ts';

export const accountHandlers: Handlers<typeof authContract, AuthDeps> = {
  register: async (ctx, { body: { delivery, ...account } }) =>
    deliver(ctx, await createAccount(ctx, account), delivery),
  login: async (ctx, { body: { delivery, ...credentials } }) => {
    const outcome = await login(ctx, credentials);
    return 'secondFactor' in outcome ? outcome : deliver(ctx, outcome, delivery);
  },
  refresh: async (ctx, { body }) => {
    const token = body.refreshToken ?? readCookie(ctx);
    if (token === undefined) throw new DomainError('invalid-refresh-token');
    return deliver(
      ctx,
      await refreshSession(ctx, token),
      body.refreshToken === undefined ? 'cookie' : 'body',
    );
  },
  logout: async (ctx) => {
    clearCookie(ctx);
    if (ctx.actor.sessionId !== undefined) await endSession(ctx, ctx.actor.sessionId, 'logout');
  },
  me: (ctx) => me(ctx),
  setupState: async (ctx) => ({ open: await isSetupOpen(ctx) }),
  setup: async (ctx, { body: { delivery, ...input } }) => deliver(ctx, await setup(ctx, input), delivery),
};
