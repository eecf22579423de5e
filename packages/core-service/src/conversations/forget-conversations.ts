import type { Job } from '@smart-ai-hub/database';
import type { CoreDeps } from '../context.ts';

/** Rows of one statement, so that none holds many locks for long. */
const TURN = 500;

/** Every day: forgets conversations in which nothing was written for so many days. */
export const forgetConversationsJob = ({ database }: Pick<CoreDeps, 'database'>, days: number): Job => ({
  every: '37 3 * * *',
  run: async () => {
    const forget = () => database.prisma.$executeRaw`
      DELETE FROM core.conversations WHERE id IN (
        SELECT id FROM core.conversations WHERE updated_at < now() - make_interval(days => ${days}::int) LIMIT ${TURN})`;
    while ((await forget()) === TURN);
  },
});

/** Forgets what these people wrote, whose accounts go for good. */
export async function forgetPeople(
  { database }: Pick<CoreDeps, 'database'>,
  userIds: string[],
): Promise<void> {
  await database.prisma.conversation.deleteMany({ where: { userId: { in: userIds } } });
}
