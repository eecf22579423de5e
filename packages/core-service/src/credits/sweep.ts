import type { Logger } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { expireHolds, forgetHolds } from './end-holds.ts';

/** Hours between two looks at what happens rarely: old holds, next month's partition. */
const RARELY = 3_600_000;

/**
 * Looks for expired holds now and every `seconds`, in every process; two at once take different rows or
 * wait for each other. Answers how to stop.
 */
export function startSweep(deps: CoreDeps, seconds: number, logger: Logger): () => Promise<void> {
  let running = Promise.resolve();
  let rarelyAt = 0;
  const once = async () => {
    const expired = await expireHolds(deps);
    if (expired > 0) logger.warn('holds expired without a charge', { expired });
    if (Date.now() - rarelyAt < RARELY) return;
    await forgetHolds(deps);
    await deps.database.pool.query('SELECT core.ensure_usage_partitions()');
    rarelyAt = Date.now();
  };
  const sweep = () => {
    running = running.then(once).catch((error: unknown) => {
      logger.warn('the sweep failed and will be tried again', { error });
    });
  };
  const timer = setInterval(sweep, seconds * 1000);
  sweep();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
