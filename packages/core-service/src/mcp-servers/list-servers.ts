import type { KeptMcpServer } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { serverView, WITH_TOOLS } from './server-view.ts';

/** Every server by name, and what one over stdio may be. */
export async function listServers(
  deps: CoreDeps,
): Promise<{ items: KeptMcpServer[]; stdioCommands: string[] }> {
  const rows = await deps.database.prisma.mcpServer.findMany({
    orderBy: { name: 'asc' },
    include: WITH_TOOLS,
  });
  return { items: rows.map((row) => serverView(deps, row)), stdioCommands: [...deps.stdioCommands] };
}
