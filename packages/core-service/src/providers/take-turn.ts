import type { Transaction } from '@smart-ai-hub/database';

/** Until this transaction ends nobody else changes providers: each change sees the order, and the row, of before it. */
export async function takeTurn(tx: Transaction): Promise<void> {
  await tx.$executeRaw`LOCK TABLE core.providers IN SHARE ROW EXCLUSIVE MODE`;
}
