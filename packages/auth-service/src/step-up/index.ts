import type { stepUpContract } from '@smart-ai-hub/shared/contracts';
import { requireSession, type Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { assertionOptions } from '../passkeys/assert-passkey.ts';
import { stepUp } from './step-up.ts';

export const stepUpHandlers: Handlers<typeof stepUpContract, AuthDeps> = {
  stepUpOptions: async (ctx) => {
    requireSession(ctx.actor);
    return assertionOptions(ctx, `step-up:${ctx.actor.userId}`, ctx.actor.userId);
  },
  stepUp: (ctx, { body }) => stepUp(ctx, body),
};
