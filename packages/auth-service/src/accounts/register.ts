import type { AuthContext } from '../context.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { createAccount, type NewAccount } from './create-account.ts';
import { limitNetwork } from './limit-network.ts';

/** Makes an account for whoever asks, as often from one network as the setting allows. */
export async function register(ctx: AuthContext, account: NewAccount): Promise<OpenedSession> {
  await limitNetwork(ctx, 'register');
  return createAccount(ctx, account);
}
