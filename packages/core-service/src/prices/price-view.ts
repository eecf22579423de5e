import type { DatedPrice, Price } from '@smart-ai-hub/shared/contracts';

export interface PriceRow {
  id: string;
  model: string;
  input: number;
  output: number;
  unit: number;
  effective_at: Date;
}

export interface DatedRow extends PriceRow {
  state: DatedPrice['state'];
  created_by: string | null;
  created_at: Date;
}

/** The columns of a PriceRow, of `core.model_prices p`. */
export const PRICE_COLUMNS =
  'p.id, p.model, p.input_micro_per_million AS input, p.output_micro_per_million AS output, p.unit_micro AS unit, p.effective_at';

/** Past where a later price of the same name is in force. */
export const DATED_COLUMNS = `${PRICE_COLUMNS}, p.created_by, p.created_at,
  CASE WHEN p.effective_at > now() THEN 'to-come' WHEN EXISTS (
    SELECT FROM core.model_prices l WHERE l.model = p.model AND l.effective_at > p.effective_at AND l.effective_at <= now()
  ) THEN 'past' ELSE 'in-force' END AS state`;

/** A price as the API shows it. */
export const priceView = ({ id, model, input, output, unit, effective_at }: PriceRow): Price => ({
  ...{ id, model, unitMicro: unit },
  ...{ inputMicroPerMillion: input, outputMicroPerMillion: output },
  effectiveAt: effective_at.toISOString(),
});

/** The same as administrators see it. */
export const datedView = ({ state, created_by, created_at, ...row }: DatedRow): DatedPrice => ({
  ...priceView(row),
  ...{ state, createdBy: created_by, createdAt: created_at.toISOString() },
});
