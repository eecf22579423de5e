import {
  API_KEY_PREFIX,
  DomainError,
  type Grants,
  NEEDS_VERIFIED_EMAIL,
  PARTNER_PREFIX,
} from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { byClient, isClientToken } from './by-client.ts';
import { byKey } from './by-key.ts';
import { byPartnerSession } from './by-partner-session.ts';
import { bySession } from './by-session.ts';
import type { Proof } from './proof.ts';
import { teamsOf } from './teams-of.ts';

/** Seconds that a token for the services lives; the gateway asks again before they are over. */
const TTL = 90;

interface TokenForServices {
  token: string;
  /** Seconds. */
  expiresIn: number;
}

/**
 * Turns what a caller shows into a token for the services, with what its person may do now. Rejects with
 * `unauthenticated` for a credential that is not, or no longer, good.
 */
export async function identify(ctx: AuthDeps, credential: string): Promise<TokenForServices> {
  return tokenFor(ctx, await proofOf(ctx, credential));
}

/** Rejects with `unauthenticated` where what was proved holds no more. */
export async function tokenFor(ctx: AuthDeps, proof: Proof): Promise<TokenForServices> {
  const { holder, expiresAt } = proof;
  const left = expiresAt ? Math.floor((expiresAt.getTime() - Date.now()) / 1000) : TTL;
  if (left < 1 || holder.disabledAt || holder.deletedAt) throw new DomainError('unauthenticated');
  const expiresIn = Math.min(TTL, left);
  return { token: await ctx.signer.internal(await claimsOf(ctx, proof), expiresIn), expiresIn };
}

/** What a credential is shows in how it begins, or in who says to have signed it. */
function proofOf(ctx: AuthDeps, credential: string): Promise<Proof> {
  if (credential.startsWith(API_KEY_PREFIX)) return byKey(ctx, credential);
  if (credential.startsWith(PARTNER_PREFIX)) return byPartnerSession(ctx, credential);
  return (isClientToken(credential, ctx.issuer) ? byClient : bySession)(ctx, credential);
}

async function claimsOf(ctx: AuthDeps, { holder, narrow, ...proof }: Proof) {
  const [{ roles, level, grants }, teams] = await Promise.all([
    ctx.core.accessOf({ body: { userId: holder.id } }),
    teamsOf(ctx, holder.id),
  ]);
  const isUnverified = ctx.requireVerifiedEmail && !holder.verified;
  const held = isUnverified ? withhold(grants) : grants;
  return {
    ...{ sub: holder.id, email: holder.email, roles, level, credential: proof.credential },
    grants: narrow ? narrow(held) : held,
    ...(isUnverified && { unverified: true as const }),
    ...(proof.limits && { limits: proof.limits }),
    ...(teams.length > 0 && { teams }),
    ...(proof.resource && { resource: proof.resource }),
    ...(proof.cacheAnswers && { cacheAnswers: true as const }),
    ...(proof.authenticatedAt && { authTime: Math.floor(proof.authenticatedAt.getTime() / 1000) }),
  };
}

const withhold = (grants: Grants): Grants =>
  Object.fromEntries(Object.entries(grants).filter(([name]) => !WITHHELD.has(name)));

const WITHHELD: ReadonlySet<string> = new Set(NEEDS_VERIFIED_EMAIL);
