import { appendAudit, type Job, withTransaction } from '@smart-ai-hub/database';
import type { AuthDeps } from '../context.ts';
import { GRACE_DAYS } from './grace.ts';

/** The job that lets go of what is over. */
export const PURGE_JOB = 'purge-accounts';

/** Rows of one turn, so that no transaction holds the audit log for long. */
const TURN = 100;

type PurgeDeps = Pick<AuthDeps, 'database' | 'core'>;

/**
 * Once a day: accounts that were deleted 30 days ago go with everything of theirs in this schema and with what they
 * wrote in core-service's (the ledger keeps a number that says nothing any more), and mailed codes and links of which
 * none can work.
 */
export const purgeJob = (deps: PurgeDeps): Job => ({
  every: '17 3 * * *',
  run: async () => {
    while ((await purgeSome(deps)) === TURN);
    await deps.database.prisma.$executeRaw`
      DELETE FROM auth.verification_tokens WHERE greatest(expires_at, created_at) < now() - interval '1 day'`;
  },
});

/** core-service first: where it does not answer, the accounts stay, and the next day's purge finds them. */
async function purgeSome({ database, core }: PurgeDeps): Promise<number> {
  const due = await database.prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM auth.users WHERE deleted_at < now() - make_interval(days => ${GRACE_DAYS}::int) LIMIT ${TURN}`;
  const userIds = due.map(({ id }) => id);
  if (userIds.length > 0) await core.forgetPeople({ body: { userIds } });
  await withTransaction(database, async (tx) => {
    const gone = await tx.$queryRaw<{ id: string }[]>`
      DELETE FROM auth.users WHERE id = ANY(${userIds}::uuid[]) AND deleted_at IS NOT NULL RETURNING id`;
    for (const { id } of gone) {
      await appendAudit(tx, { action: 'account.purged', targetType: 'user', targetId: id });
    }
  });
  return due.length;
}
