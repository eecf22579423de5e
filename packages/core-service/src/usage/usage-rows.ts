import type { UsageFilter, UsageRow } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

export interface Row {
  id: string;
  micros: number;
  request_id: string;
  key_id: string | null;
  service: string;
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
  images: number;
  token_source: UsageRow['tokenSource'];
  status: UsageRow['status'];
  credits: number;
  latency_ms: number;
  created_at: Date;
}

/** In SQL, what stands in sums for calls without a key: a part of a primary key is never null. */
export const NO_KEY = "'00000000-0000-0000-0000-000000000000'::uuid";

/** Where the rows before end: microseconds since the epoch, since a JavaScript date would lose rows, and the id. */
export type UsageKey = readonly [micros: number | string | null, id: string | null];

const COLUMNS = `id, (extract(epoch FROM created_at) * 1000000)::bigint AS micros, request_id, key_id, service, model,
  prompt_tokens, completion_tokens, images, token_source, status, credits, latency_ms, created_at`;

/** Only what is asked for stands in the statement, so that each filter finds its index, and old months are left out. */
const CONDITIONS = {
  model: (n: number) => `model = $${n}`,
  keyId: (n: number) => `key_id = $${n}`,
  status: (n: number) => `status = $${n}`,
  from: (n: number) => `created_at >= $${n}`,
  to: (n: number) => `created_at < $${n}`,
} satisfies Record<string, (n: number) => string>;

/** Calls of a person behind this key, newest first. */
export async function usageRows(
  { database: { pool } }: CoreDeps,
  userId: string,
  { model, keyId, status, from, to }: UsageFilter,
  { after: [micros, id], limit }: { after: UsageKey; limit: number },
): Promise<Row[]> {
  const given = Object.entries({ model, keyId, status, from, to });
  const values: unknown[] = [userId];
  const conditions = ['user_id = $1'];
  for (const [name, value] of given) {
    if (value === undefined) continue;
    values.push(value);
    conditions.push(CONDITIONS[name as keyof typeof CONDITIONS](values.length)); // the same names as above
  }
  if (micros !== null) {
    values.push(micros, id);
    const [at, row] = [values.length - 1, values.length];
    conditions.push(
      `(created_at, id) < (timestamptz 'epoch' + $${at}::bigint * interval '1 microsecond', $${row}::uuid)`,
    );
  }
  values.push(limit);
  const { rows } = await pool.query<Row>(
    `SELECT ${COLUMNS} FROM core.usage_logs WHERE ${conditions.join(' AND ')}
     ORDER BY created_at DESC, id DESC LIMIT $${values.length}`,
    values,
  );
  return rows;
}

/** A call as the API shows it. */
export const usageView = (row: Row): UsageRow => ({
  id: row.id,
  requestId: row.request_id,
  keyId: row.key_id,
  service: row.service,
  model: row.model,
  promptTokens: row.prompt_tokens,
  completionTokens: row.completion_tokens,
  images: row.images,
  tokenSource: row.token_source,
  status: row.status,
  creditsMicro: row.credits,
  latencyMs: row.latency_ms,
  createdAt: row.created_at.toISOString(),
});
