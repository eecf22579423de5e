import { DomainError, type McpTool } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';
import { listPrices } from '../prices/list-prices.ts';
import { type RoleNames, toolView } from './tool-view.ts';

/** The names of all roles by their ids. */
export async function roleNames({ database: { prisma } }: CoreDeps): Promise<RoleNames> {
  const roles = await prisma.role.findMany({ select: { id: true, name: true } });
  return new Map(roles.map(({ id, name }) => [id, name]));
}

/** A server's tools by name. Throws `not-found`. */
export async function listTools(deps: CoreDeps, id: string): Promise<{ items: McpTool[] }> {
  const server = await deps.database.prisma.mcpServer.findUnique({
    where: { id },
    include: { tools: { orderBy: { name: 'asc' } } },
  });
  if (!server) throw new DomainError('not-found');
  const [names, { items: prices }] = await Promise.all([roleNames(deps), listPrices(deps)]);
  return { items: server.tools.map((row) => toolView(server.name, row, names, prices)) };
}
