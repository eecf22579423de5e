import { DomainError } from '@smart-ai-hub/shared/contracts';
import { egressFetch, type Secret } from '@smart-ai-hub/shared/service';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
} from 'openid-client';
import type { ProviderConfig } from './provider-config.ts';

export interface Provider {
  id: string;
  name: string;
  scope: string;
  /** Where the provider leads people back to; registered there to the letter. */
  callback: string;
  /** What it publishes about itself, asked for when it is first needed. */
  configuration: () => Promise<Configuration>;
}

export type Providers = ReadonlyMap<string, Provider>;

/** Milliseconds for which what a provider publishes about itself is kept. */
const KEPT = 3_600_000;

/** The configured providers by id, in their order. */
export const openProviders = (configs: readonly ProviderConfig[], publicUrl: string): Providers =>
  new Map(configs.map((config) => [config.id, openProvider(config, publicUrl)]));

/** Throws `not-found` for one that is not configured. */
export function providerOf(providers: Providers, id: string): Provider {
  const provider = providers.get(id);
  if (provider) return provider;
  throw new DomainError('not-found');
}

function openProvider(config: ProviderConfig, publicUrl: string): Provider {
  let known: { asked: Promise<Configuration>; until: number } | undefined;
  return {
    id: config.id,
    name: config.name,
    scope: config.scopes.join(' '),
    callback: `${publicUrl}/api/v1/auth/oidc/${config.id}/callback`,
    configuration: () => {
      if (known && known.until > Date.now()) return known.asked;
      const asked = discover(config);
      const fresh = { asked, until: Date.now() + KEPT };
      known = fresh;
      asked.catch(() => {
        if (known === fresh) known = undefined; // what failed is asked again next time
      });
      return asked;
    },
  };
}

/**
 * Everything that the provider names is called through the egress guard; its own origin may be local, since an
 * administrator configured it. Signatures of ID tokens are checked although they come over TLS from the issuer.
 */
function discover({ issuer, clientId, clientSecret }: ProviderConfig): Promise<Configuration> {
  const url = new URL(issuer);
  // oxlint-disable-next-line typescript/no-deprecated -- marked so only to stand out: this issuer is http by configuration
  const insecure = url.protocol === 'http:' ? [allowInsecureRequests] : [];
  return discovery(url, clientId, {}, clientSecret ? bySecret(clientSecret) : None(), {
    [customFetch]: egressFetch({ allowed: [url.origin] }),
    execute: [enableNonRepudiationChecks, ...insecure],
  });
}

/** In the way that the provider knows: the header is the default (OpenID Connect Discovery 1.0, 3). */
const bySecret =
  (secret: Secret): ClientAuth =>
  (server, client, body, headers) => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = known.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
    authenticate(secret.reveal())(server, client, body, headers);
  };
