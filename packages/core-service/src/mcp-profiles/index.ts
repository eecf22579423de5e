import type { mcpProfilesContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { createProfile, deleteProfile, updateProfile } from './change-profile.ts';
import { listProfiles } from './list-profiles.ts';

export const mcpProfileHandlers: Handlers<typeof mcpProfilesContract, CoreDeps> = {
  listMcpProfiles: (ctx) => listProfiles(ctx),
  createMcpProfile: (ctx, { body }) => createProfile(ctx, body),
  updateMcpProfile: (ctx, { params, body }) => updateProfile(ctx, params.profileId, body),
  deleteMcpProfile: (ctx, { params }) => deleteProfile(ctx, params.profileId),
};
