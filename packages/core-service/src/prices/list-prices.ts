import type { DatedPrice, Price } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import {
  DATED_COLUMNS,
  type DatedRow,
  datedView,
  PRICE_COLUMNS,
  type PriceRow,
  priceView,
} from './price-view.ts';

/** For each model or prefix the newest price that is in force now. */
export async function listPrices({ database: { pool } }: CoreDeps): Promise<{ items: Price[] }> {
  const { rows } = await pool.query<PriceRow>(
    `SELECT DISTINCT ON (p.model) ${PRICE_COLUMNS} FROM core.model_prices p
     WHERE p.effective_at <= now() ORDER BY p.model, p.effective_at DESC`,
  );
  return { items: rows.map(priceView) };
}

const HISTORY = `
  SELECT ${DATED_COLUMNS}, (extract(epoch FROM p.effective_at) * 1000000)::bigint AS micros
  FROM core.model_prices p
  WHERE ($1::text IS NULL OR p.model = $1)
    AND ($2::bigint IS NULL OR (p.effective_at, p.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
  ORDER BY p.effective_at DESC, p.id DESC LIMIT $4`;

/** Every price, the latest date first, by keyset over date and id. */
export async function listPriceHistory(
  { database: { pool } }: CoreDeps,
  { limit, cursor, model }: PageInput & { model?: string | undefined },
): Promise<Page<DatedPrice>> {
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const { rows } = await pool.query<DatedRow & { micros: number }>(HISTORY, [
    model ?? null,
    micros,
    id,
    limit + 1,
  ]);
  return pageOf(rows, limit, timeCursor, datedView);
}
