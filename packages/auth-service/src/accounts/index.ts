import { type accountContract, type authContract, DomainError } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { clearCookie, deliver, readCookie } from '../sessions/cookie.ts';
import { endSession } from '../sessions/end-session.ts';
import { refreshSession } from '../sessions/refresh-session.ts';
import { changeEmail, confirmEmail } from './change-email.ts';
import { changePassword } from './change-password.ts';
import { deleteAccount } from './delete-account.ts';
import { exportAccount } from './export-account.ts';
import { forgotPassword } from './forgot-password.ts';
import { login } from './login.ts';
import { me, updateMe } from './me.ts';
import { register } from './register.ts';
import { resetPassword } from './reset-password.ts';
import { isSetupOpen, setup } from './setup.ts';
import { resendVerification, verifyEmail } from './verify-email.ts';

export const authHandlers: Handlers<typeof authContract, AuthDeps> = {
  register: async (ctx, { body: { delivery, ...account } }) =>
    deliver(ctx, await register(ctx, account), delivery),
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

export const accountHandlers: Handlers<typeof accountContract, AuthDeps> = {
  verifyEmail: (ctx, { body }) => verifyEmail(ctx, body.code),
  resendVerification: (ctx) => resendVerification(ctx),
  forgotPassword: (ctx, { body }) => forgotPassword(ctx, body.email),
  resetPassword: (ctx, { body }) => resetPassword(ctx, body),
  changePassword: (ctx, { body }) => changePassword(ctx, body),
  changeEmail: (ctx, { body }) => changeEmail(ctx, body.email),
  confirmEmail: (ctx, { body }) => confirmEmail(ctx, body.code),
  updateMe: (ctx, { body }) => updateMe(ctx, body),
  deleteMe: async (ctx) => {
    await deleteAccount(ctx);
    clearCookie(ctx);
  },
  exportMe: (ctx) => exportAccount(ctx),
};
