import type { Price } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps } from '../context.ts';

interface Row {
  id: string;
  model: string;
  input_micro_per_million: number;
  output_micro_per_million: number;
  effective_at: Date;
}

/** For each model or prefix the newest price that is in force now. */
export async function listPrices({ database: { pool } }: CoreDeps): Promise<{ items: Price[] }> {
  const { rows } = await pool.query<Row>(
    `SELECT DISTINCT ON (model) id, model, input_micro_per_million, output_micro_per_million, effective_at
     FROM core.model_prices WHERE effective_at <= now() ORDER BY model, effective_at DESC`,
  );
  return {
    items: rows.map((row) => ({
      id: row.id,
      model: row.model,
      inputMicroPerMillion: row.input_micro_per_million,
      outputMicroPerMillion: row.output_micro_per_million,
      effectiveAt: row.effective_at.toISOString(),
    })),
  };
}
