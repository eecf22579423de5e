import type {
  EnvironmentProvider,
  KeptProvider,
  LocalProvider,
  ProviderHealth,
} from '@smart-ai-hub/shared/contracts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

/** Those kept in the hub, in the order in which they are asked. */
export const providersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['providers', 'kept'],
    queryFn: async ({ signal }): Promise<KeptProvider[]> =>
      (await hub.providers.listProviders({}, { signal })).items,
  });

/** Those that the environment names, which are asked first. */
export const environmentProvidersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['providers', 'environment'],
    queryFn: async ({ signal }): Promise<EnvironmentProvider[]> =>
      (await hub.askedProviders.listEnvironmentProviders({}, { signal })).items,
  });

/** Servers of models beside the hub, which nobody has added yet. */
export const localProvidersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['providers', 'local'],
    queryFn: async ({ signal }): Promise<LocalProvider[]> =>
      (await hub.providers.findLocalProviders({}, { signal })).items,
  });

/** How each answers, in the order in which they are asked. */
export const providerHealthQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['providers', 'health'],
    queryFn: async ({ signal }): Promise<ProviderHealth[]> =>
      (await hub.askedProviders.listProviderHealth({}, { signal })).items,
  });

/** After a provider changed: models come and go with it. */
export async function forgetProviders(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['providers'] }),
    queries.invalidateQueries({ queryKey: ['models'] }),
  ]);
}
