/** Exit 0 when HEALTH_URL answers 2xx: the health check of the containers, which have no curl. */
const answer = await fetch(process.env.HEALTH_URL ?? '', { signal: AbortSignal.timeout(2_500) });
process.exit(answer.ok ? 0 : 1);
