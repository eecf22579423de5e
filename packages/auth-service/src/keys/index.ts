import type { keysContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { createKey } from './create-key.ts';
import { listKeys } from './list-keys.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';
import { updateKey } from './update-key.ts';

export const keyHandlers: Handlers<typeof keysContract, AuthDeps> = {
  listKeys: (ctx) => listKeys(ctx),
  createKey: (ctx, { body }) => createKey(ctx, body),
  updateKey: (ctx, { params, body }) => updateKey(ctx, params.keyId, body),
  rotateKey: (ctx, { params, body }) => rotateKey(ctx, params.keyId, body.overlapSeconds),
  revokeKey: (ctx, { params }) => revokeKey(ctx, params.keyId),
};
