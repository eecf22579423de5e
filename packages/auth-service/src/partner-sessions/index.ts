import type { partnerSessionsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { createPartnerSession } from './create-partner-session.ts';
import { endPartnerSession } from './end-partner-session.ts';
import { listPartnerSessions } from './list-partner-sessions.ts';

export const partnerSessionHandlers: Handlers<typeof partnerSessionsContract, AuthDeps> = {
  listPartnerSessions: (ctx) => listPartnerSessions(ctx),
  createPartnerSession: (ctx) => createPartnerSession(ctx),
  endPartnerSession: (ctx, { params }) => endPartnerSession(ctx, params.partnerSessionId),
};
