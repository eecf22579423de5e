import type { McpProfile, OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { profileView, WITH_CHOSEN } from './profile-view.ts';

const listed = ({ database: { prisma } }: CoreDeps) =>
  prisma.mcpProfile.findMany({ orderBy: { name: 'asc' }, include: WITH_CHOSEN });

/** Every profile by name. */
export async function listProfiles(deps: CoreDeps): Promise<{ items: McpProfile[] }> {
  const rows = await listed(deps);
  return { items: rows.map(profileView) };
}

/** The same for the service that answers at their addresses. */
export async function openProfiles(deps: CoreDeps): Promise<OpenedMcpProfile[]> {
  const rows = await listed(deps);
  return rows.map(({ id, name, title, tools, contentServerId }) => ({
    ...{ id, name, title, tools, contentServerId },
  }));
}
