import type { Job } from '@smart-ai-hub/database';
import type { Logger } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { expireHolds, forgetHolds } from './end-holds.ts';

/** Every minute: ends the holds whose time is over, as many as there are; their cost is the house's loss. */
export const expireHoldsJob = (deps: CoreDeps, logger: Logger): Job => ({
  every: '* * * * *',
  run: async () => {
    for (let expired = await expireHolds(deps); expired > 0; expired = await expireHolds(deps))
      logger.warn('holds expired without a charge', { expired });
  },
});

/** Every hour: forgets holds that ended long ago. */
export const forgetHoldsJob = (deps: CoreDeps): Job => ({
  every: '23 * * * *',
  run: () => forgetHolds(deps),
});
