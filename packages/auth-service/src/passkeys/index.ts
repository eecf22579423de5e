import type { passkeysContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { deliver } from '../sessions/cookie.ts';
import { addPasskey, passkeyOptions } from './add-passkey.ts';
import { assertionOptions } from './assert-passkey.ts';
import { listPasskeys, removePasskey, renamePasskey } from './own-passkeys.ts';
import { signInWithPasskey } from './sign-in.ts';

export const passkeyHandlers: Handlers<typeof passkeysContract, AuthDeps> = {
  listPasskeys: (ctx) => listPasskeys(ctx),
  passkeyOptions: (ctx) => passkeyOptions(ctx),
  addPasskey: (ctx, { body }) => addPasskey(ctx, body),
  renamePasskey: (ctx, { params, body }) => renamePasskey(ctx, params.passkeyId, body.name),
  removePasskey: (ctx, { params }) => removePasskey(ctx, params.passkeyId),
  passkeySignInOptions: (ctx) => assertionOptions(ctx, 'sign-in'),
  passkeySignIn: async (ctx, { body }) =>
    deliver(ctx, await signInWithPasskey(ctx, body.passkey), body.delivery),
};
