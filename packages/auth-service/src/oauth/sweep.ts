import type { Job } from '@smart-ai-hub/database';
import type { AuthDeps } from '../context.ts';

/** Takes out what has ended: expired records, and what was lent to clients that can no longer use it. */
export const sweepJob = ({ database: { prisma } }: Pick<AuthDeps, 'database'>): Job => ({
  every: '17 * * * *',
  run: async () => {
    await prisma.$executeRaw`DELETE FROM auth.oauth_records WHERE expires_at < now() - interval '1 hour'`;
    // the last access token of a grant outlives its code or refresh token by a quarter of an hour
    await prisma.$executeRaw`
      DELETE FROM auth.oauth_records lent
      WHERE kind = 'Grant' AND created_at < now() - interval '1 hour' AND NOT EXISTS (
        SELECT FROM auth.oauth_records held
        WHERE held.grant_id = lent.id AND held.created_at + interval '1 hour' > now()
           OR held.grant_id = lent.id AND held.expires_at > now() AND held.consumed_at IS NULL)`;
  },
});
