import type { UsageRow } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { decodeCursor, type Page, pageOf } from '../cursor.ts';

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

const CURSOR = /^\d{1,17}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The actor's own calls, newest first, by keyset over time and id. */
export async function listUsage(
  { database: { pool }, actor }: SignedInContext,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<UsageRow>> {
  const key = cursor === undefined ? [] : decodeCursor(cursor, CURSOR).split('.');
  const { rows } = await pool.query<Row>(LIST, [actor.userId, key[0] ?? null, key[1] ?? null, limit + 1]);
  return pageOf(rows, limit, ({ micros, id }) => `${micros}.${id}`, view);
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
