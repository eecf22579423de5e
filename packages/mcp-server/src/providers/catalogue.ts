import type { ProviderConfig } from '../config.ts';
import { ECHO_MODEL, echoProvider } from './echo.ts';
import { openAiCompatible, type ProviderTimeouts } from './openai-compatible.ts';
import type { Model } from './provider.ts';

/** Output tokens of a request that sets no limit, where the configuration names none either. */
const DEFAULT_MAX_OUTPUT = 4096;

export interface Catalogue {
  models: readonly Model[];
  find: (id: string) => Model | undefined;
  close: () => Promise<void>;
}

/** Every model that can be asked, by the id that callers use; the first provider that names one keeps it. */
export function openCatalogue(configs: readonly ProviderConfig[], timeouts: ProviderTimeouts): Catalogue {
  const models = new Map<string, Model>();
  models.set(ECHO_MODEL, {
    id: ECHO_MODEL,
    upstreamId: ECHO_MODEL,
    maxOutputTokens: DEFAULT_MAX_OUTPUT,
    openToGuests: true,
    provider: echoProvider,
  });
  const providers = configs.map((config) => {
    const provider = openAiCompatible(config, timeouts);
    for (const { id, ...entry } of config.models) {
      const { upstreamId = id, maxOutputTokens = DEFAULT_MAX_OUTPUT, openToGuests = false } = { ...entry };
      if (!models.has(id)) models.set(id, { id, upstreamId, maxOutputTokens, openToGuests, provider });
    }
    return provider;
  });
  return {
    models: [...models.values()],
    find: (id) => models.get(id),
    close: async () => {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
