import type {
  McpSecret,
  OpenedMcpProfile,
  OpenedMcpServer,
  OpenedTransport,
} from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { isLocal } from '../is-local.ts';
import { openProfiles } from '../mcp-profiles/list-profiles.ts';
import { roleNames } from './list-tools.ts';
import { mayAsk } from './may-ask.ts';
import { openSecrets } from './server-secrets.ts';
import { settingsOf } from './server-view.ts';
import { type Target, targetIn } from './target.ts';
import { openedTool, stateOf } from './tool-view.ts';

/**
 * Every server with its secrets and approved tools, for the service that asks it, and the profiles; without those that
 * may not be asked, and those whose secrets do not open.
 */
export async function openMcpServers(
  deps: CoreDeps,
): Promise<{ servers: OpenedMcpServer[]; profiles: OpenedMcpProfile[] }> {
  const [rows, names, profiles] = await Promise.all([
    deps.database.prisma.mcpServer.findMany({
      orderBy: { name: 'asc' },
      include: { tools: { orderBy: { name: 'asc' } } },
    }),
    roleNames(deps),
    openProfiles(deps),
  ]);
  const servers = rows.flatMap((row) => {
    const [target, secrets] = [targetIn(row), openSecrets(deps.sealer, row)];
    if (!secrets || !mayAsk(deps, target)) return [];
    const tools = row.tools.filter((tool) => stateOf(tool) === 'approved');
    return {
      ...settingsOf(row),
      transport: opened(deps, target, secrets),
      tools: tools.map((tool) => openedTool(row.name, tool, names)),
    };
  });
  return { servers, profiles };
}

const opened = ({ localMcpServers }: CoreDeps, target: Target, secrets: McpSecret[]): OpenedTransport =>
  target.type === 'http'
    ? { ...target, headers: secrets, mayBeLocal: isLocal(localMcpServers, target.url) }
    : { ...target, env: secrets };
