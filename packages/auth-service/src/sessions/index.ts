import type { sessionsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { clearCookie } from './cookie.ts';
import { endOtherSessions, endOwnSession } from './end-session.ts';
import { listSessions } from './list-sessions.ts';

export const sessionHandlers: Handlers<typeof sessionsContract, AuthDeps> = {
  listSessions: (ctx) => listSessions(ctx),
  endSession: async (ctx, { params: { sessionId } }) => {
    await endOwnSession(ctx, sessionId);
    if (sessionId === ctx.actor.sessionId) clearCookie(ctx);
  },
  endOtherSessions: (ctx) => endOtherSessions(ctx),
};
