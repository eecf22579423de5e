import { DomainError } from '@smart-ai-hub/shared/contracts';
import { buildAuthorizationUrl, calculatePKCECodeChallenge } from 'openid-client';
import type { AuthContext } from '../context.ts';
import { beginFlow, type Flow, proofsOf } from './flow.ts';
import { providerOf } from './providers.ts';

export interface Departure {
  /** Where the browser goes now. */
  url: string;
  /** What it keeps meanwhile. */
  secret: string;
}

/** Sends somebody to a provider. Rejects with `sign-in-failed` or `egress-failed` where it does not say how. */
export async function begin(ctx: AuthContext, flow: Flow): Promise<Departure> {
  const provider = providerOf(ctx.providers, flow.provider);
  const configuration = await provider.configuration().catch(asSignInFailed);
  const passes = await beginFlow(ctx.store, flow);
  const { nonce, verifier } = proofsOf(passes);
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: provider.callback,
    scope: provider.scope,
    state: passes.state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url: url.href, secret: passes.secret };
}

/** What the library says is the provider's doing, unless it says what our own guard said. */
export function asSignInFailed(thrown: unknown): never {
  if (thrown instanceof DomainError) throw thrown;
  if (thrown instanceof Error && thrown.cause instanceof DomainError) throw thrown.cause;
  throw new DomainError('sign-in-failed', { cause: thrown });
}
