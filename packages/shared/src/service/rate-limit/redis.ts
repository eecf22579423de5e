import type { Redis } from 'ioredis';
import { redisScript } from '../redis-script.ts';
import { type RateLimiter, verdict, type Window } from './rate-limit.ts';

/**
 * The same sliding window as in rate-limit.ts, in one round trip for all windows of a key, on Redis's own
 * clock. One hash per key, so that Redis Cluster can hold it. Asked with what to add where there is room, and what
 * where there is none. Answers: allowed, now in ms, and the current and the previous count of each window.
 */
const COUNT = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local allowed, longest, states, answer = 1, 0, {}, {}
for i = 3, #ARGV, 2 do
  local limit, size = tonumber(ARGV[i]), tonumber(ARGV[i + 1]) * 1000
  local kept = redis.call('HMGET', KEYS[1], size .. 'i', size .. 'c', size .. 'p')
  local index = math.floor(now / size)
  local current, previous = 0, 0
  if tonumber(kept[1]) == index then
    current, previous = tonumber(kept[2]), tonumber(kept[3])
  elseif tonumber(kept[1]) == index - 1 then
    previous = tonumber(kept[2])
  end
  local weight = previous * (1 - (now % size) / size) + current
  if weight + 1 > limit then allowed = 0 end
  if size > longest then longest = size end
  states[#states + 1] = { size, index, current, previous }
end
local amount = tonumber(ARGV[2 - allowed])
for _, s in ipairs(states) do
  redis.call('HSET', KEYS[1], s[1] .. 'i', s[2], s[1] .. 'c', s[3] + amount, s[1] .. 'p', s[4])
  answer[#answer + 1] = s[3] + amount
  answer[#answer + 1] = s[4]
end
redis.call('PEXPIRE', KEYS[1], longest * 2)
return { allowed, now, unpack(answer) }`;

/** Shared by every process; rejects with what ioredis says when Redis is away. */
export function createRedisRateLimiter(redis: Redis): RateLimiter {
  const run = redisScript(redis, COUNT);
  const count = async (key: string, windows: readonly Window[], withRoom: number, without: number) => {
    const limits = windows.flatMap(({ limit, seconds }) => [limit, seconds]);
    const reply = await run(`limit:{${key}}`, [withRoom, without, ...limits]);
    const [allowed, now = 0, ...counts] = Array.isArray(reply) ? reply.map(Number) : [];
    const buckets = windows.map(({ seconds }, i) => ({
      index: Math.floor(now / (seconds * 1000)),
      current: counts[2 * i] ?? 0,
      previous: counts[2 * i + 1] ?? 0,
    }));
    return verdict(allowed === 1, windows, buckets, now);
  };

  return {
    consume: (key, windows) => count(key, windows, 1, 0),
    peek: (key, windows) => count(key, windows, 0, 0),
    record: async (key, windows, amount) => {
      await count(key, windows, amount, amount);
    },
  };
}
