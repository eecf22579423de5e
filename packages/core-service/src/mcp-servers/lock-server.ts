import type { Transaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { WITH_TOOLS } from './server-view.ts';

/** The server, which nobody else changes until this transaction ends, nor its tools. Throws `not-found`. */
export async function lockServer(tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT FROM core.mcp_servers WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.mcpServer.findUnique({ where: { id }, include: WITH_TOOLS });
  if (!row) throw new DomainError('not-found');
  return row;
}
