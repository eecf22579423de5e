import type { SecondFactorNeeded } from '@smart-ai-hub/shared/contracts';
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

/**
 * Whoever comes back from a provider is signed in, or asked for the second factor, or has an account linked; `next`
 * is the page to go on to.
 */
export async function finish(
  ctx: AuthContext,
  { provider, passes, search }: Return,
): Promise<{ next: string; session?: OpenedSession }> {
  const flow = await takeFlow(ctx.store, provider, passes);
  const account = await outsideAccount(providerOf(ctx.providers, provider), passes, search);
  if (flow.link) {
    await finishLink(ctx, flow.link, account);
    return { next: '/linked-accounts' };
  }
  const { next = '/' } = flow;
  const done = await signInWith(ctx, account);
  return 'secondFactor' in done ? { next: secondStep(done, next) } : { next, session: done };
}

/** The page that asks; the challenge is in the fragment, which no server hears and no log holds. */
function secondStep({ secondFactor: { challenge, methods } }: SecondFactorNeeded, next: string): string {
  const question = new URLSearchParams({ challenge });
  for (const method of methods) question.append('method', method);
  return `/sign-in?${new URLSearchParams({ next }).toString()}#${question.toString()}`;
}
