import type { Transaction } from '@smart-ai-hub/database';
import type { WEBHOOK_EVENTS } from '@smart-ai-hub/shared/contracts';

/** Orders a delivery for every webhook that wants to hear of it: told if the transaction is committed, and only then. */
export async function emit(
  tx: Transaction,
  event: (typeof WEBHOOK_EVENTS)[number],
  data: object,
): Promise<void> {
  await tx.$executeRaw`SELECT core.emit(${event}, ${JSON.stringify(data)}::jsonb)`;
}
