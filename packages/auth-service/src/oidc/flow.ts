import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** Seconds that somebody may take at the provider. */
export const FLOW_TTL = 600;

/** Why somebody was sent to a provider. */
const flow = z.object({
  provider: z.string(),
  /** A path of this site to go on to. */
  next: z.string().optional(),
  /** Whose account the one elsewhere is to be linked to, and in which session that was asked. */
  link: z.object({ userId: z.string(), sessionId: z.string() }).optional(),
});
export type Flow = z.output<typeof flow>;

const kept = z.object({ flow, browser: z.string() });

/** What the browser keeps in its cookie, and what travels by way of the provider. */
export interface Passes {
  secret: string;
  state: string;
}

/**
 * What is proven to the provider's token endpoint (RFC 7636) and what it proves to us (OpenID Connect Core 1.0,
 * 15.5.2). Both follow from the browser's secret, so that what is stored opens nothing, and nobody without that
 * cookie can finish.
 */
export const proofsOf = ({ secret, state }: Passes): { nonce: string; verifier: string } => ({
  nonce: derive(secret, `nonce ${state}`),
  verifier: derive(secret, `verifier ${state}`),
});

const derive = (secret: string, purpose: string) =>
  createHmac('sha256', secret).update(purpose).digest('base64url');

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

const keyOf = (state: string) => `oidc:${digest(state)}`;

/** Remembers, for `FLOW_TTL`, that this browser was sent to a provider. */
export async function beginFlow(store: KeyValue, begun: Flow): Promise<Passes> {
  const passes = { secret: newPass(), state: newPass() };
  const entry: z.input<typeof kept> = { flow: begun, browser: digest(passes.secret) };
  await store.set(keyOf(passes.state), JSON.stringify(entry), FLOW_TTL);
  return passes;
}

const newPass = () => randomBytes(32).toString('base64url');

/**
 * What this browser was sent to the provider for; once. Throws `sign-in-failed` for a state that is unknown, over,
 * used before, of another provider or of another browser, which uses up nothing.
 */
export async function takeFlow(store: KeyValue, provider: string, { secret, state }: Passes): Promise<Flow> {
  const key = keyOf(state);
  const text = await store.get(key);
  if (text === undefined) throw new DomainError('sign-in-failed', { detail: 'this sign-in is over' });
  const { flow: begun, browser } = kept.parse(JSON.parse(text));
  const isHere = timingSafeEqual(Buffer.from(browser), Buffer.from(digest(secret)));
  if (!isHere || begun.provider !== provider) {
    throw new DomainError('sign-in-failed', { detail: 'this sign-in was begun elsewhere' });
  }
  const uses = await store.increment(`${key}:used`, FLOW_TTL);
  if (uses > 1) throw new DomainError('sign-in-failed', { detail: 'this sign-in is over' });
  await store.delete(key);
  return begun;
}
