import type { Provider } from 'oidc-provider';
import type { ProviderParts } from './provider.ts';

/** The OAuth server, made when it is first asked for: its library takes 17 MB that many hubs never need. */
export function openProvider(parts: ProviderParts): () => Promise<Provider> {
  let made: Promise<Provider> | undefined;
  return () => (made ??= import('./provider.ts').then(({ createProvider }) => createProvider(parts)));
}
