import { DomainError } from '@smart-ai-hub/shared/contracts';
import { network } from '@smart-ai-hub/shared/service';
import type { AuthContext } from '../context.ts';

/** Seconds. */
const HOUR = 3600;

/** Counts what strangers do by the network they come from; throws `rate-limited` beyond the hour's number. */
export async function limitNetwork(
  ctx: AuthContext,
  what: 'register' | 'forgot-password' | 'reset-password',
): Promise<void> {
  const count = await ctx.store.increment(`network:${what}:${network(ctx.address)}`, HOUR);
  if (count > ctx.triesPerNetwork) throw new DomainError('rate-limited', { retryAfter: HOUR });
}
