import { DomainError } from '@smart-ai-hub/shared/contracts';
import { network, type RateLimiter, type Verdict } from '@smart-ai-hub/shared/service';
import type { FastifyReply } from 'fastify';
import type { Identity } from './identity.ts';
import { type LimitsByRole, windowsOf } from './limits.ts';

const NAMES: Record<number, string> = { 60: 'minute', 3600: 'hour', 86400: 'day' };

export type LimitRate = (
  identity: Identity | undefined,
  address: string,
  reply: FastifyReply,
) => Promise<void>;

/**
 * Counts a request against its caller's limits: by person once somebody is known, by address before. Says
 * where they stand in RateLimit fields (draft-ietf-httpapi-ratelimit-headers); rejects with `rate-limited`.
 */
export function createRateLimit(limiter: RateLimiter, limits: LimitsByRole): LimitRate {
  return async (identity, address, reply) => {
    const windows = windowsOf(limits, identity?.actor);
    if (windows.length === 0) return;
    const subject = identity ? `user:${identity.actor.userId}` : `address:${network(address)}`;
    const verdict = await limiter.consume(subject, windows);
    reply.header('ratelimit', field(verdict));
    reply.header(
      'ratelimit-policy',
      windows.map(({ limit, seconds }) => `"${NAMES[seconds]}";q=${limit};w=${seconds}`).join(', '),
    );
    if (!verdict.allowed) throw new DomainError('rate-limited', { retryAfter: verdict.resetSeconds });
  };
}

const field = ({ seconds, remaining, resetSeconds }: Verdict) =>
  `"${NAMES[seconds]}";r=${remaining};t=${resetSeconds}`;
