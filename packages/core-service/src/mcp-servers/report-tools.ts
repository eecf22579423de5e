import { appendAudit, type Transaction, withAnnouncement } from '@smart-ai-hub/database';
import {
  canonicalJson,
  MCP_SERVERS_CHANGED,
  type McpTool,
  type SeenTool,
} from '@smart-ai-hub/shared/contracts';
import { hashDefinition, type ServiceContext } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { listTools } from './list-tools.ts';
import { lockServer } from './lock-server.ts';

/**
 * Remembers all tools that a server has now. What is new waits, what is not as it was approved waits again, and what is
 * missing is gone; what nobody ever approved is then forgotten, so that no server fills the database. Throws `not-found`.
 */
export async function reportTools(
  ctx: CoreDeps & ServiceContext,
  id: string,
  seen: readonly SeenTool[],
): Promise<{ items: McpTool[] }> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const server = await lockServer(tx, id);
    const difference = await differenceOf(tx, id, seen);
    await remember(tx, id, seen);
    if (Object.values(difference).every((names) => names.length === 0)) return;
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...{ action: 'mcp-server.tools-seen', targetType: 'mcp-server', targetId: id },
      ...{ requestId: ctx.requestId, after: { server: server.name, ...difference } },
    });
  });
  return listTools(ctx, id);
}

async function differenceOf(tx: Transaction, serverId: string, seen: readonly SeenTool[]) {
  const rows = await tx.mcpTool.findMany({
    where: { serverId },
    select: { name: true, hash: true, gone: true },
  });
  const before = new Map(rows.filter(({ gone }) => !gone).map(({ name, hash }) => [name, hash]));
  const now = new Set(seen.map(({ name }) => name));
  const namesOf = (tools: readonly SeenTool[]) => tools.map(({ name }) => name);
  const known = seen.filter(({ name }) => before.has(name));
  return {
    new: namesOf(seen.filter(({ name }) => !before.has(name))),
    changed: namesOf(known.filter(({ name, definition }) => before.get(name) !== hashDefinition(definition))),
    gone: [...before.keys()].filter((name) => !now.has(name)),
  };
}

async function remember(tx: Transaction, serverId: string, seen: readonly SeenTool[]): Promise<void> {
  const names = seen.map(({ name }) => name);
  const definitions = seen.map(({ definition }) => canonicalJson(definition));
  const hashes = seen.map(({ definition }) => hashDefinition(definition));
  await tx.$executeRaw`
    INSERT INTO core.mcp_tools (server_id, name, definition, hash)
    SELECT ${serverId}::uuid, name, definition, hash
    FROM unnest(${names}::text[], ${definitions}::text[], ${hashes}::text[]) AS seen(name, definition, hash)
    ON CONFLICT (server_id, name) DO UPDATE
    SET definition = EXCLUDED.definition, hash = EXCLUDED.hash, gone = false, seen_at = now()`;
  await tx.mcpTool.deleteMany({ where: { serverId, name: { notIn: names }, approvedHash: null } });
  await tx.mcpTool.updateMany({ where: { serverId, name: { notIn: names } }, data: { gone: true } });
}
