import {
  type Client,
  type internalContract,
  type OpenedProvider,
  PROVIDERS_CHANGED,
} from '@smart-ai-hub/shared/contracts';
import { type AccessChanges, egressLookup, type Logger, Secret } from '@smart-ai-hub/shared/service';
import type { ProviderConfig } from '../config.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Source, Vendor } from './provider.ts';
import { openSource, type VendorPatience } from './vendor.ts';

/** Milliseconds until the list is asked for again, and after it could not be had. */
const AGAIN = 30_000;
const SOON = 2_000;
/** Milliseconds in which a call reaches its provider that found it before it was taken away. */
const GRACE = 30_000;

export interface KeptProvidersOptions {
  core: Pick<Client<typeof internalContract>, 'providers'>;
  changes: AccessChanges;
  patience: VendorPatience;
  logger: Logger;
  /** Hears of every list, in the order in which they are asked. */
  take: (sources: readonly Source[]) => void;
  /** Milliseconds; for tests. */
  grace?: number;
}

export interface KeptProviders {
  /** Those that are asked now, in that order. */
  vendors: () => Vendor[];
  close: () => Promise<void>;
}

/**
 * The providers that administrators keep in the database: asked for when core-service says that they changed, and every
 * 30 s in case that was not heard; while it is away the last ones stay. Those that are as they were keep their
 * connections, the others' close once their calls have ended. Resolves after the first look.
 */
export async function openKeptProviders(options: KeptProvidersOptions): Promise<KeptProviders> {
  const { core, changes, logger, take } = options;
  const vendors = keepVendors(options);
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const look = oneAtATime(async () => {
    clearTimeout(timer);
    const found = await core.providers().catch((error: unknown) => {
      logger.warn('the providers of the database could not be asked for', { error });
    });
    if (isClosed) return;
    if (found) take(vendors.replace(found.items));
    timer = setTimeout(() => void look(), found ? AGAIN : SOON).unref();
  });
  await changes.follow(
    (subject) => subject === PROVIDERS_CHANGED && void look(),
    () => void look(),
  );
  await look();
  return {
    vendors: vendors.all,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await vendors.close();
    },
  };
}

/** Open connections, by everything that is said of a provider. */
function keepVendors({ patience, logger, grace = GRACE }: KeptProvidersOptions) {
  let open = new Map<string, Source<Vendor>>();
  const retired = new Set<Vendor>();

  const opened = (item: OpenedProvider): Source<Vendor> | undefined => {
    try {
      return openSource(configOf(item), patience);
    } catch (error) {
      logger.warn('a provider of the database is not asked', { provider: item.name, error });
      return undefined;
    }
  };
  const retire = (vendor: Vendor) => {
    retired.add(vendor);
    const end = () => vendor.retire().finally(() => retired.delete(vendor));
    setTimeout(() => void end().catch(() => undefined), grace).unref(); // it was closed with the service meanwhile
  };
  const all = () => [...open.values()].map(({ provider }) => provider);
  return {
    all,
    replace: (items: readonly OpenedProvider[]): Source[] => {
      const before = open;
      open = new Map();
      for (const item of items) {
        const facts = JSON.stringify(item);
        const source = before.get(facts) ?? opened(item);
        if (source) open.set(facts, source);
      }
      for (const [facts, { provider }] of before) if (!open.has(facts)) retire(provider);
      return [...open.values()];
    },
    close: async () => {
      await Promise.all([...retired, ...all()].map((vendor) => vendor.close()));
    },
  };
}

/** Throws `egress-refused` for an address that may not be called. */
function configOf({ apiKeys, mayBeLocal, ...item }: OpenedProvider): ProviderConfig {
  const allowed = mayBeLocal ? [new URL(item.baseUrl).origin] : [];
  const lookup = egressLookup(item.baseUrl, { allowed });
  return { ...item, lookup, apiKeys: apiKeys.map((key) => new Secret(key)) };
}
