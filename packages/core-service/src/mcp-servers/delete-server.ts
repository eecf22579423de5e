import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import { MCP_SERVERS_CHANGED } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { lockServer } from './lock-server.ts';
import { serverFacts } from './server-view.ts';

/** Forgets a server with its secrets, its tools and what profiles chose of them. Throws `not-found`. */
export async function deleteServer(ctx: SignedInContext, id: string): Promise<void> {
  await withAnnouncement(ctx, async (tx, tell) => {
    const row = await lockServer(tx, id);
    await tx.mcpServer.delete({ where: { id } });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-server.deleted', targetType: 'mcp-server', targetId: id, before: serverFacts(row) },
    });
  });
}
