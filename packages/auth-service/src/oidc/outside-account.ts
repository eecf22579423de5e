import { DomainError, email as emailField } from '@smart-ai-hub/shared/contracts';
import {
  authorizationCodeGrant,
  type Configuration,
  fetchUserInfo,
  type IDToken,
  type UserInfoResponse,
} from 'openid-client';
import { asSignInFailed } from './begin.ts';
import { type Passes, proofsOf } from './flow.ts';
import type { Provider } from './providers.ts';

/** Who somebody is at a provider. */
export interface OutsideAccount {
  provider: string;
  subject: string;
  /** As it was told, verified or not; empty where none was. */
  email: string;
  /** The address, where the provider says that it verified it. */
  verifiedEmail?: string;
  locale: 'en' | 'th';
}

/**
 * Trades the code for the account it stands for. The library checks state, `iss` (RFC 9207), PKCE, and of the ID
 * token signature, issuer, audience, nonce and times. Rejects with `sign-in-failed`.
 */
export async function outsideAccount(
  provider: Provider,
  passes: Passes,
  search: string,
): Promise<OutsideAccount> {
  try {
    const configuration = await provider.configuration();
    const { nonce, verifier } = proofsOf(passes);
    const tokens = await authorizationCodeGrant(configuration, new URL(provider.callback + search), {
      expectedState: passes.state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    });
    const claims = tokens.claims();
    if (!claims) throw new DomainError('sign-in-failed', { detail: 'there was no ID token' });
    return accountOf(provider.id, await withAddress(configuration, claims, tokens.access_token));
  } catch (error) {
    return asSignInFailed(error);
  }
}

/** Some tell the address only when they are asked; the library checks that it is of the same subject. */
async function withAddress(configuration: Configuration, claims: IDToken, accessToken: string) {
  if (claims['email'] !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims;
  return { ...claims, ...(await fetchUserInfo(configuration, accessToken, claims.sub)) };
}

function accountOf(provider: string, claims: IDToken | UserInfoResponse): OutsideAccount {
  const { sub: subject, locale } = claims;
  const address = emailField.safeParse(claims.email);
  return {
    provider,
    subject,
    email: address.data ?? '',
    ...(address.success && claims.email_verified === true && { verifiedEmail: address.data }),
    locale: typeof locale === 'string' && /^th\b/i.test(locale) ? 'th' : 'en',
  };
}
