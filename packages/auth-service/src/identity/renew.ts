import { type Credential, DomainError } from '@smart-ai-hub/shared/contracts';
import { verifyEarlierToken } from '@smart-ai-hub/shared/service';
import type { AuthDeps } from '../context.ts';
import { byKeyId } from './by-key.ts';
import { byPartnerId } from './by-partner-session.ts';
import { bySessionId } from './by-session.ts';
import { tokenFor } from './identify.ts';
import type { Proof } from './proof.ts';

/**
 * Turns a token for the services, however old, into one of now, with what its person may do now: for a service that
 * serves somebody longer than a token lives. Rejects with `unauthenticated` once the credential behind it has ended.
 */
export async function renew(ctx: AuthDeps, token: string): ReturnType<typeof tokenFor> {
  const { sub, credential } = await verifyEarlierToken(token, ctx.signer.verificationKeys);
  const proof = await proofOf(ctx, credential);
  if (proof.holder.id !== sub) throw new DomainError('unauthenticated');
  return tokenFor(ctx, proof);
}

/** A client's own token says what was lent to it, and for how long: only who shows it again gets another. */
function proofOf(ctx: AuthDeps, { kind, id }: Credential): Promise<Proof> {
  if (kind === 'key') return byKeyId(ctx, id);
  if (kind === 'partner') return byPartnerId(ctx, id);
  if (kind === 'session') return bySessionId(ctx, id);
  return Promise.reject(new DomainError('unauthenticated'));
}
