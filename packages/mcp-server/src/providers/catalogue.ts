import { ECHO_MODEL, echoProvider } from './echo.ts';
import type { Model, Source } from './provider.ts';

/** Output tokens of a request that sets no limit, where the configuration names none either. */
const DEFAULT_MAX_OUTPUT = 4096;

export interface Catalogue {
  readonly models: readonly Model[];
  find: (id: string) => Model | undefined;
  /** Takes these behind those that it was opened with, in place of what it took before. */
  take: (sources: readonly Source[]) => void;
}

/** Stands for whichever model fits a request: no provider has one of this name. */
export const AUTO_MODEL = 'auto';

const ECHO: Model = {
  id: ECHO_MODEL,
  maxOutputTokens: DEFAULT_MAX_OUTPUT,
  openToGuests: true,
  offers: [{ provider: echoProvider, upstreamId: ECHO_MODEL, capabilities: {} }],
};

/**
 * Every model that can be asked, by the id that callers use. Where several providers name one, the first says how large
 * and how open it is, and the others are asked where those before them fail.
 */
export function openCatalogue(first: readonly Source[]): Catalogue {
  let models = modelsOf(first);
  return {
    get models() {
      return [...models.values()];
    },
    find: (id) => models.get(id),
    take: (sources) => {
      models = modelsOf([...first, ...sources]);
    },
  };
}

function modelsOf(sources: readonly Source[]): ReadonlyMap<string, Model> {
  const models = new Map([[ECHO_MODEL, ECHO]]);
  for (const { provider, models: entries } of sources) {
    for (const {
      id,
      upstreamId = id,
      maxOutputTokens = DEFAULT_MAX_OUTPUT,
      openToGuests = false,
      capabilities = {},
      contextTokens,
    } of entries) {
      if (id === ECHO_MODEL || id === AUTO_MODEL) continue; // the first is never anybody's fallback, and has none
      const known = models.get(id) ?? { id, maxOutputTokens, openToGuests, offers: [] };
      models.set(id, {
        ...known,
        offers: [...known.offers, { provider, upstreamId, capabilities, contextTokens }],
      });
    }
  }
  return models;
}
