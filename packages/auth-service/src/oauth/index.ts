import type { oauthContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { decideDevice, findDevice } from './devices.ts';
import { listGrants, revokeGrant } from './grants.ts';
import { decideInteraction, describeInteraction, interactionIn } from './interactions.ts';

export const oauthHandlers: Handlers<typeof oauthContract, AuthDeps> = {
  findInteraction: async (ctx, { params }) => describeInteraction(ctx, await interactionIn(ctx, params.uid)),
  decideInteraction: async (ctx, { params, body }) =>
    decideInteraction(ctx, await interactionIn(ctx, params.uid), body.approve),
  findDevice: (ctx, { body }) => findDevice(ctx, body.userCode),
  decideDevice: (ctx, { body }) => decideDevice(ctx, body),
  listGrants: (ctx) => listGrants(ctx),
  revokeGrant: (ctx, { params }) => revokeGrant(ctx, params.grantId),
};
