import type { PasskeyAssertion } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { signIn } from '../sessions/sign-in.ts';
import { verifyAssertion } from './assert-passkey.ts';

/** Signs in whoever's passkey this is; it is something they have and something they are or know. */
export async function signInWithPasskey(ctx: AuthContext, given: PasskeyAssertion): Promise<OpenedSession> {
  const { user } = await verifyAssertion(ctx, 'sign-in', given);
  return signIn(ctx, user, 'passkey');
}
