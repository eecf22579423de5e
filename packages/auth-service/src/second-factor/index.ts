import type { secondFactorContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { deliver } from '../sessions/cookie.ts';
import { factors } from './factors.ts';
import { passSecondFactor } from './pass.ts';
import { confirmTotp, endTotp, renewRecoveryCodes, startTotp } from './set-up.ts';

export const secondFactorHandlers: Handlers<typeof secondFactorContract, AuthDeps> = {
  factors: (ctx) => factors(ctx),
  startTotp: (ctx) => startTotp(ctx),
  confirmTotp: (ctx, { body }) => confirmTotp(ctx, body),
  endTotp: (ctx) => endTotp(ctx),
  renewRecoveryCodes: (ctx) => renewRecoveryCodes(ctx),
  secondFactor: async (ctx, { body: { delivery, ...proof } }) =>
    deliver(ctx, await passSecondFactor(ctx, proof), delivery),
};
