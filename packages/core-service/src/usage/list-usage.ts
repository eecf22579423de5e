import type { UsageRow } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import { subjectOf } from '../access/subject-of.ts';
import type { SignedInContext } from '../context.ts';

/** Microseconds in the key, since a JavaScript date would round them away and lose rows between pages. */
const LIST = `
  SELECT id, (extract(epoch FROM created_at) * 1000000)::bigint AS micros, request_id, key_id, service, model, prompt_tokens,
    completion_tokens, token_source, status, credits, latency_ms, created_at
  FROM core.usage_logs
  WHERE user_id = $1
    AND ($2::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $4`;

interface Row {
  id: string;
  micros: number;
  request_id: string;
  key_id: string | null;
  service: string;
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  token_source: UsageRow['tokenSource'];
  status: UsageRow['status'];
  credits: number;
  latency_ms: number;
  created_at: Date;
}

/** Calls of the actor, or of a person whom the actor reaches, newest first, by keyset over time and id. */
export async function listUsage(
  ctx: SignedInContext,
  { limit, cursor, userId }: PageInput & { userId?: string | undefined },
): Promise<Page<UsageRow>> {
  const subject = await subjectOf(ctx, 'usage:read', userId);
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const { rows } = await ctx.database.pool.query<Row>(LIST, [subject, micros, id, limit + 1]);
  return pageOf(rows, limit, timeCursor, view);
}

const view = (row: Row): UsageRow => ({
  id: row.id,
  requestId: row.request_id,
  keyId: row.key_id,
  service: row.service,
  model: row.model,
  promptTokens: row.prompt_tokens,
  completionTokens: row.completion_tokens,
  tokenSource: row.token_source,
  status: row.status,
  creditsMicro: row.credits,
  latencyMs: row.latency_ms,
  createdAt: row.created_at.toISOString(),
});
