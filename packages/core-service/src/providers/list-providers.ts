import type { KeptProvider, OpenedProvider } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { isLocal } from '../is-local.ts';
import { openKeys } from './provider-keys.ts';
import { providerView, settingsOf } from './provider-view.ts';

/** Two that were added at the same moment may share a position. */
export const IN_ORDER = [{ position: 'asc' }, { id: 'asc' }] as const;

/** Every provider that is kept here, in the order in which they are asked. */
export async function listProviders({
  database: { prisma },
  sealer,
}: CoreDeps): Promise<{ items: KeptProvider[] }> {
  const rows = await prisma.provider.findMany({ orderBy: [...IN_ORDER] });
  return { items: rows.map((row) => providerView(row, sealer)) };
}

/** Those that are on, with their keys, for the service that asks them; without those whose keys do not open. */
export async function openProviders(deps: CoreDeps): Promise<{ items: OpenedProvider[] }> {
  const rows = await deps.database.prisma.provider.findMany({
    where: { active: true },
    orderBy: [...IN_ORDER],
  });
  const items = rows.flatMap((row) => {
    const apiKeys = openKeys(deps.sealer, row);
    return apiKeys
      ? [{ ...settingsOf(row), apiKeys, mayBeLocal: isLocal(deps.localProviders, row.baseUrl) }]
      : [];
  });
  return { items };
}
