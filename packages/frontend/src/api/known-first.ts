import { scopeOf } from '@smart-ai-hub/shared/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { creditSettingsQuery } from './credit-queries.ts';
import type { Hub } from './hub.ts';
import { balanceQuery, providersQuery } from './queries.ts';

/** How long a page waits for what it had better show from the start, in milliseconds: less than until the router says that it loads. */
const PATIENCE_MS = 900;

interface Asking {
  hub: Hub;
  queries: QueryClient;
}

// What fails is said, or left out, where it is shown; a hub that is slow keeps nobody from the page.
const patiently = (...asked: Promise<unknown>[]): Promise<unknown> =>
  Promise.race([Promise.allSettled(asked), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/** Asks what stands below the form of a visitor's page. Coming later, it would move the form under a finger. */
export const knowProviders = ({ hub, queries }: Asking) =>
  patiently(queries.query({ ...providersQuery(hub), retry: false }));

/** Asks whether a low balance is said above the pages of whoever is signed in: later, that would move them. */
export async function knowBalance({ hub, queries }: Asking): Promise<void> {
  if (!scopeOf(hub.session.user()?.grants ?? {}, 'credits:read')) return;
  await patiently(
    queries.query({ ...balanceQuery(hub), retry: false }),
    queries.query({ ...creditSettingsQuery(hub), retry: false }),
  );
}
