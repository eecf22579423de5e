import { appendAudit, type Database, type Job, withTransaction } from '@smart-ai-hub/database';
import { GRACE_DAYS } from './grace.ts';

/** The job that lets go of what is over. */
export const PURGE_JOB = 'purge-accounts';

/** Rows of one turn, so that no transaction holds the audit log for long. */
const TURN = 100;

/**
 * Once a day: accounts that were deleted 30 days ago go with everything of theirs in this schema (the ledger keeps a
 * number that says nothing any more), and mailed codes and links of which none can work.
 */
export const purgeJob = (database: Database): Job => ({
  every: '17 3 * * *',
  run: async () => {
    while ((await purgeSome(database)) === TURN);
    await database.prisma.$executeRaw`
      DELETE FROM auth.verification_tokens WHERE greatest(expires_at, created_at) < now() - interval '1 day'`;
  },
});

const purgeSome = (database: Database): Promise<number> =>
  withTransaction(database, async (tx) => {
    const gone = await tx.$queryRaw<{ id: string }[]>`
      DELETE FROM auth.users WHERE id IN (
        SELECT id FROM auth.users WHERE deleted_at < now() - make_interval(days => ${GRACE_DAYS}::int)
        LIMIT ${TURN} FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    for (const { id } of gone) {
      await appendAudit(tx, { action: 'account.purged', targetType: 'user', targetId: id });
    }
    return gone.length;
  });
