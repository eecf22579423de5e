import { appendAudit, auditOf, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import { DomainError, MCP_SERVERS_CHANGED, type McpTool } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { listTools } from './list-tools.ts';
import { lockServer } from './lock-server.ts';

interface Shown {
  name: string;
  hash: string;
}

/** Approves tools as they were shown, all or none. Throws `not-found`, and `mcp-tool-changed` for what was not shown. */
export async function approveTools(
  ctx: SignedInContext,
  id: string,
  { tools }: { tools: readonly Shown[] },
): Promise<{ items: McpTool[] }> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const server = await lockServer(tx, id);
    for (const tool of tools) await approve(tx, id, tool);
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-server.tools-approved', targetType: 'mcp-server', targetId: id },
      after: { server: server.name, tools: tools.map(({ name, hash }) => `${name} ${hash}`) },
    });
  });
  return listTools(ctx, id);
}

async function approve(tx: Transaction, serverId: string, { name, hash }: Shown): Promise<void> {
  const row = await tx.mcpTool.findUnique({ where: { serverId_name: { serverId, name } } });
  if (!row || row.gone) throw new DomainError('not-found', { detail: name });
  if (row.hash !== hash) throw new DomainError('mcp-tool-changed', { detail: name });
  await tx.mcpTool.update({
    where: { serverId_name: { serverId, name } },
    data: { approvedDefinition: row.definition, approvedHash: hash },
  });
}
