import type { startCore } from '../core.fixture.ts';

/** A call that was made at some time. */
export interface PastCall {
  userId: string;
  at: number;
  model?: string;
  keyId?: string | null;
  status?: string;
  tokens?: number;
  images?: number;
  credits?: number;
  teamIds?: readonly string[] | undefined;
}

/** Writes down calls as if they had been made; what is left out is nothing in particular. */
export const addPastCalls = (
  core: Pick<Awaited<ReturnType<typeof startCore>>, 'sql'>,
  calls: readonly PastCall[],
) =>
  core.sql(
    `INSERT INTO core.usage_logs (id, created_at, user_id, key_id, request_id, service, model, price_id, prompt_tokens, completion_tokens, token_source, status, credits, latency_ms, team_ids, images)
     SELECT gen_random_uuid(), c.at, c.user_id, c.key_id, 'r', 'chat', c.model, gen_random_uuid(), c.tokens, 1, 'reported', c.status, c.credits, 5, c.team_ids::uuid[], c.images
     FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[], $7::bigint[], $8::text[], $9::int[]) AS c(at, user_id, key_id, model, tokens, status, credits, team_ids, images)`,
    [
      calls.map(({ at }) => new Date(at).toISOString()),
      calls.map(({ userId }) => userId),
      calls.map(({ keyId }) => keyId ?? null),
      calls.map(({ model = 'gpt-4o' }) => model),
      calls.map(({ tokens = 10 }) => tokens),
      calls.map(({ status = 'ok' }) => status),
      calls.map(({ credits = 100 }) => credits),
      calls.map(({ teamIds }) => (teamIds ? `{${teamIds.join(',')}}` : null)),
      calls.map(({ images = 0 }) => images),
    ],
  );
