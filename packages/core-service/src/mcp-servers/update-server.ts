import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import {
  type KeptMcpServer,
  MCP_SERVERS_CHANGED,
  type McpServerChange,
  type McpTransport,
} from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { lockServer } from './lock-server.ts';
import { requireMayAsk } from './may-ask.ts';
import { requireSameTarget, sealSecrets, secretsOf } from './server-secrets.ts';
import { serverFacts, type ServerRow, serverView, WITH_TOOLS } from './server-view.ts';
import { targetIn, targetOf } from './target.ts';

/**
 * Changes what is named. Throws `not-found`, `name-taken`, `invalid-request` where another target comes without its
 * secrets, and as `requireMayAsk` does for another way to reach it.
 */
export async function updateServer(
  ctx: SignedInContext,
  id: string,
  { transport, ...settings }: McpServerChange,
): Promise<KeptMcpServer> {
  if (transport) await requireMayAsk(ctx, targetOf(transport));
  const named = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return withAnnouncement(ctx, async (tx, tell) => {
    const before = await lockServer(tx, id);
    const row = await tx.mcpServer.update({
      where: { id },
      data: { ...named, ...(transport && reachedBy(ctx, before, transport)) },
      include: WITH_TOOLS,
    });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-server.changed', targetType: 'mcp-server', targetId: id },
      before: serverFacts(before),
      after: { ...serverFacts(row), secretsReplaced: transport !== undefined && !!secretsOf(transport) },
    });
    return serverView(ctx, row);
  }).catch(refuseTaken);
}

/** The columns of another transport; its secrets stay where it names none. */
function reachedBy({ sealer }: SignedInContext, row: ServerRow, transport: McpTransport) {
  const target = targetOf(transport);
  const secrets = secretsOf(transport);
  if (!secrets) requireSameTarget(targetIn(row), row.secretNames, target);
  return { target, ...(secrets && sealSecrets(sealer, row.id, secrets)) };
}
