import type { EnvironmentProvider } from '@smart-ai-hub/shared/contracts';
import type { ProviderConfig } from '../config.ts';
import type { McpDeps } from '../context.ts';

/** The providers that the environment names, without what is secret of them. */
export function listEnvironmentProviders({
  environmentProviders,
}: McpDeps): Promise<{ items: EnvironmentProvider[] }> {
  return Promise.resolve({ items: environmentProviders.map(shown) });
}

/** Whoever runs the hub may have written a credential into the address. */
function shown({ baseUrl, apiKeys, ...settings }: ProviderConfig): EnvironmentProvider {
  const { origin, pathname } = new URL(baseUrl);
  return { ...settings, active: true, baseUrl: origin + pathname, keyCount: apiKeys.length };
}
