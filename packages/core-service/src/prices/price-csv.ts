import { appendAudit, auditOf, isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import {
  DomainError,
  newPrice,
  PRICE_IMPORT_LIMIT,
  type PriceImportLine,
} from '@smart-ai-hub/shared/contracts';
import { Readable } from 'node:stream';
import type { CoreDeps, SignedInContext } from '../context.ts';
import { csvLine, readCsv } from '../csv.ts';
import { DATED_COLUMNS, type DatedRow } from './price-view.ts';
import { dateOf, type DatedNewPrice, insertPrices } from './set-price.ts';

const COLUMNS = ['model', 'inputMicroPerMillion', 'outputMicroPerMillion', 'unitMicro', 'effectiveAt'];

/** Prices in force, which an import sets at once, and those to come; there are few enough for one question. */
export async function exportPrices({ database: { pool } }: CoreDeps): Promise<Readable> {
  const { rows } = await pool.query<DatedRow>(
    `SELECT * FROM (SELECT ${DATED_COLUMNS} FROM core.model_prices p) dated
     WHERE state <> 'past' ORDER BY model, effective_at`,
  );
  const lines = rows.map(({ model, input, output, unit, effective_at, state }) =>
    csvLine([
      ...[model, String(input), String(output), String(unit)],
      state === 'to-come' ? effective_at.toISOString() : '',
    ]),
  );
  return Readable.from([csvLine(COLUMNS), ...lines]);
}

/** Whole micro-credits; anything else stays text, which the schema refuses in words. */
const whole = (cell = '') => (/^\d{1,13}$/.test(cell) ? Number(cell) : cell);

const asPrice = ([model, input, output, unit, effectiveAt = '']: readonly string[]): unknown => ({
  ...{
    model,
    inputMicroPerMillion: whole(input),
    outputMicroPerMillion: whole(output),
    unitMicro: whole(unit),
  },
  ...(effectiveAt !== '' && { effectiveAt }),
});

interface Entry {
  view: PriceImportLine;
  price?: DatedNewPrice;
}

/**
 * Sets the prices of a file, all of them or none where one of them is wrong, and says of each line what became of it,
 * or would. Throws `invalid-request` for what is no such file.
 */
export async function importPrices(
  ctx: SignedInContext,
  { csv, dryRun }: { csv: string; dryRun: boolean },
): Promise<{ applied: boolean; lines: PriceImportLine[] }> {
  const now = Date.now();
  const entries = readCsv(csv, COLUMNS, PRICE_IMPORT_LIMIT).map((row, index) => read(row, index + 2, now));
  await markSameDates(ctx, entries);
  const applied = !dryRun && entries.every(({ view }) => view.outcome === 'set');
  if (applied) await write(ctx, entries);
  return { applied, lines: entries.map(({ view }) => view) };
}

function read(row: readonly string[], line: number, now: number): Entry {
  const model = row[0]?.trim() ?? '';
  const wrong = (outcome: PriceImportLine['outcome'], detail: string | null = null): Entry => ({
    view: { line, model, outcome, detail },
  });
  if (row.length !== COLUMNS.length)
    return wrong('malformed', `has ${row.length} cells, not ${COLUMNS.length}`);
  const result = newPrice.safeParse(asPrice(row.map((cell) => cell.trim())));
  if (!result.success) {
    const [issue] = result.error.issues;
    return wrong('malformed', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const date = dateOf(result.data, now);
  if (!date) return wrong('in-the-past');
  return { view: { line, model, outcome: 'set', detail: null }, price: { ...result.data, date } };
}

/** Two prices of one name and date, in the file or with what is there, would leave it open which holds. */
async function markSameDates({ database: { prisma } }: CoreDeps, entries: readonly Entry[]): Promise<void> {
  const known = await prisma.modelPrice.findMany({ select: { model: true, effectiveAt: true } });
  const taken = new Set(known.map(({ model, effectiveAt }) => `${model} ${effectiveAt.getTime()}`));
  for (const { view, price } of entries) {
    if (!price) continue;
    const name = `${price.model} ${price.date.getTime()}`;
    if (taken.has(name)) view.outcome = 'same-date';
    taken.add(name);
  }
}

async function write(ctx: SignedInContext, entries: readonly Entry[]): Promise<void> {
  const work = withTransaction(ctx.database, async (tx) => {
    await insertPrices(
      tx,
      ctx,
      entries.flatMap(({ price }) => price ?? []),
    );
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'prices.imported', targetType: 'price', targetId: ctx.requestId },
      after: { lines: entries.length },
    });
  });
  await work.catch((error: unknown) => {
    if (isUniqueViolation(error)) throw new DomainError('price-dated', { cause: error });
    throw error;
  });
}
