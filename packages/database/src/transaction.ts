import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from './client.ts';
import { isRetryable } from './errors.ts';
import type { Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;

/** How often a transaction that lost against another is tried in all. */
const ATTEMPTS = 3;

/** How long the first loser of a meeting waits at most; twice as long the next time. */
const PAUSE_MS = 40;

/**
 * Half fixed, half random: the winner takes the lock that it waited for before the loser comes back for it, and
 * two losers do not meet again.
 */
const pause = (attempt: number) => delay(PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));

/**
 * Runs `work` in one transaction; tries again, after a pause and three times in all, when PostgreSQL undid it for
 * the sake of another. `work` must do nothing outside the transaction that may not happen twice.
 */
export async function withTransaction<T>(
  { prisma }: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction(work, { maxWait: 3000, timeout: 10_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
      await pause(attempt);
    }
  }
}
