import { DomainError } from '@smart-ai-hub/shared/contracts';
import {
  type Count,
  countsOf,
  type LimitsByRole,
  type RateLimiter,
  type Verdict,
} from '@smart-ai-hub/shared/service';
import type { FastifyReply } from 'fastify';
import type { Identity } from './identity.ts';

export type LimitRate = (
  identity: Identity | undefined,
  address: string,
  reply: FastifyReply,
) => Promise<void>;

/**
 * Counts a request against its caller's limits: by key where that has one of its own, and by person once somebody is
 * known, by address before. Says where they stand in RateLimit fields (draft-ietf-httpapi-ratelimit-headers); rejects
 * with `rate-limited`.
 */
export function createRateLimit(limiter: RateLimiter, limits: LimitsByRole): LimitRate {
  return async (identity, address, reply) => {
    const counts = countsOf(identity?.actor, address, limits);
    const fields: string[] = [];
    for (const count of counts) {
      const verdict = await limiter.consume(count.subject, count.windows);
      fields.push(field(count, verdict));
      reply.header('ratelimit', fields.join(', '));
      reply.header('ratelimit-policy', counts.flatMap(policies).join(', '));
      if (!verdict.allowed) throw new DomainError('rate-limited', { retryAfter: verdict.resetSeconds });
    }
  };
}

const policies = ({ windows, nameOf }: Count) =>
  windows.map(({ limit, seconds }) => `"${nameOf(seconds)}";q=${limit};w=${seconds}`);

const field = ({ nameOf }: Count, { seconds, remaining, resetSeconds }: Verdict) =>
  `"${nameOf(seconds)}";r=${remaining};t=${resetSeconds}`;
