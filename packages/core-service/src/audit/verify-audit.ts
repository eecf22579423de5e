import type { Job } from '@smart-ai-hub/database';
import type { AuditProof } from '@smart-ai-hub/shared/contracts';
import type { Logger } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';

/** Holds every event against its hash and the one before. */
export async function verifyAudit({ database: { pool } }: CoreDeps): Promise<AuditProof> {
  const { rows } = await pool.query<{ events: number; breach: number | null }>(
    'SELECT (SELECT count(*) FROM audit.events) AS events, audit.first_breach() AS breach',
  );
  const [{ events, breach } = { events: 0, breach: null }] = rows;
  return {
    checkedAt: new Date().toISOString(),
    events,
    firstBreach: breach === null ? null : String(breach),
  };
}

/** Every night; what it finds is an error that somebody has to look at. */
export const verifyAuditJob = (deps: CoreDeps, logger: Logger): Job => ({
  every: '23 3 * * *',
  run: async () => {
    const { events, firstBreach } = await verifyAudit(deps);
    if (firstBreach === null) logger.info('the audit log is whole', { events });
    else logger.error('the audit log was tampered with', { events, firstBreach });
  },
});
