import type { AuthContext } from '../context.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { type Passes, takeFlow } from './flow.ts';
import { finishLink } from './link.ts';
import { outsideAccount } from './outside-account.ts';
import { providerOf } from './providers.ts';
import { signInWith } from './sign-in.ts';

export interface Return {
  provider: string;
  passes: Passes;
  /** The query that the provider led back with, as it stood in the address. */
  search: string;
}

/** Whoever comes back from a provider is signed in, or has an account linked; `next` is the page to go on to. */
export async function finish(
  ctx: AuthContext,
  { provider, passes, search }: Return,
): Promise<{ next: string; session?: OpenedSession }> {
  const flow = await takeFlow(ctx.store, provider, passes);
  const account = await outsideAccount(providerOf(ctx.providers, provider), passes, search);
  if (!flow.link) return { next: flow.next ?? '/', session: await signInWith(ctx, account) };
  await finishLink(ctx, flow.link, account);
  return { next: '/linked-accounts' };
}
