import { budgetOf, DomainError } from '@smart-ai-hub/shared/contracts';
import { network, type RateLimiter, type Verdict, type Window } from '@smart-ai-hub/shared/service';
import type { FastifyReply } from 'fastify';
import type { Identity } from './identity.ts';
import { type LimitsByRole, windowsOf } from './limits.ts';

const NAMES: Record<number, string> = { 60: 'minute', 3600: 'hour', 86400: 'day' };

export type LimitRate = (
  identity: Identity | undefined,
  address: string,
  reply: FastifyReply,
) => Promise<void>;

/** Something that a request counts against, and what its windows are called in the answer. */
interface Count {
  subject: string;
  windows: Window[];
  nameOf: (seconds: number) => string;
}

/**
 * Counts a request against its caller's limits: by key where that has one of its own, and by person once somebody is
 * known, by address before. Says where they stand in RateLimit fields (draft-ietf-httpapi-ratelimit-headers); rejects
 * with `rate-limited`.
 */
export function createRateLimit(limiter: RateLimiter, limits: LimitsByRole): LimitRate {
  return async (identity, address, reply) => {
    const counts = countsOf(identity, address, limits);
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

function countsOf(identity: Identity | undefined, address: string, limits: LimitsByRole): Count[] {
  const { actor } = identity ?? {};
  const limit = actor?.limits?.requestsPerMinute;
  const person = {
    subject: actor ? `user:${actor.userId}` : `address:${network(address)}`,
    windows: windowsOf(limits, actor),
    nameOf: (seconds: number) => NAMES[seconds] ?? '',
  };
  const ofPerson = person.windows.length > 0 ? [person] : [];
  if (!actor || limit === undefined) return ofPerson;
  const key = { subject: `key:${budgetOf(actor)}`, windows: [{ limit, seconds: 60 }], nameOf: () => 'key' };
  return [key, ...ofPerson];
}

const policies = ({ windows, nameOf }: Count) =>
  windows.map(({ limit, seconds }) => `"${nameOf(seconds)}";q=${limit};w=${seconds}`);

const field = ({ nameOf }: Count, { seconds, remaining, resetSeconds }: Verdict) =>
  `"${nameOf(seconds)}";r=${remaining};t=${resetSeconds}`;
