import type { Database } from './client.ts';
import { isRetryable } from './errors.ts';
import type { Prisma } from './generated/client.ts';

export type Transaction = Prisma.TransactionClient;

/** How often a transaction that lost against another is tried in all. */
const ATTEMPTS = 3;

/** Runs `work` in one transaction; tries again, bounded, when PostgreSQL undid it for the sake of another. */
export async function withTransaction<T>(
  { prisma }: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction(work, { maxWait: 3000, timeout: 10_000 });
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}
