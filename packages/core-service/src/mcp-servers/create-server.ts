import { randomUUID } from 'node:crypto';
import { appendAudit, auditOf, withAnnouncement } from '@smart-ai-hub/database';
import {
  canonicalJson,
  type KeptMcpServer,
  MCP_SERVERS_CHANGED,
  type NewMcpServer,
  type SeenTool,
} from '@smart-ai-hub/shared/contracts';
import { hashDefinition } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { refuseTaken } from '../refuse-taken.ts';
import { requireMayAsk } from './may-ask.ts';
import { sealSecrets, secretsOf } from './server-secrets.ts';
import { serverFacts, serverView, WITH_TOOLS } from './server-view.ts';
import { targetOf } from './target.ts';

/** Adds a server with the tools that its administrator has seen and approves. Throws `name-taken`, and as `requireMayAsk` does. */
export async function createServer(
  ctx: SignedInContext,
  { transport, approve, ...settings }: NewMcpServer,
): Promise<KeptMcpServer> {
  const target = targetOf(transport);
  await requireMayAsk(ctx, target);
  const id = randomUUID();
  return withAnnouncement(ctx, async (tx, tell) => {
    const row = await tx.mcpServer.create({
      data: {
        ...{ ...settings, id, target, createdBy: ctx.actor.userId },
        ...sealSecrets(ctx.sealer, id, secretsOf(transport) ?? []),
        tools: { create: approve.map(approved) },
      },
      include: WITH_TOOLS,
    });
    tell(MCP_SERVERS_CHANGED);
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'mcp-server.created', targetType: 'mcp-server', targetId: id },
      after: { ...serverFacts(row), approved: approve.map(({ name }) => name) },
    });
    return serverView(ctx, row);
  }).catch(refuseTaken);
}

function approved({ name, definition: seen }: SeenTool) {
  const [definition, hash] = [canonicalJson(seen), hashDefinition(seen)];
  return { name, definition, hash, approvedDefinition: definition, approvedHash: hash };
}
