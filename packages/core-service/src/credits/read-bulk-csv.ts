import { BULK_LIMIT, DomainError, id, MICRO_PER_CREDIT, oneLine } from '@smart-ai-hub/shared/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One line of the file, as far as it can be understood by itself. */
export type BulkEntry =
  | { line: number; outcome: 'read'; userId: string; amountMicro: number; note: string }
  | { line: number; outcome: 'malformed'; userId: string; detail: string };

const COLUMNS = ['userId', 'amount', 'note'];

/** Credits with up to six decimals, a million at most either way; never by way of floating point. */
const credits = z
  .string()
  .trim()
  .regex(/^[+-]?\d{1,7}(\.\d{1,6})?$/, 'must be credits such as 12.5 or -0.25')
  .transform((text) => {
    const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
    const micro = Number(whole) * MICRO_PER_CREDIT + Number(fraction.padEnd(6, '0'));
    return text.startsWith('-') ? -micro : micro;
  })
  .refine((micro) => micro !== 0, 'must not be 0');

const entry = z.object({ userId: z.string().trim().pipe(id), amount: credits, note: oneLine(200).min(3) });

/**
 * Reads a file of adjustments (RFC 4180): a heading of `userId,amount,note` and a line for each. Byte order mark and
 * either end of line are taken. Throws `invalid-request` for what is no such file or is longer than BULK_LIMIT.
 */
export function readBulkCsv(csv: string): BulkEntry[] {
  const [heading, ...rows] = recordsOf(csv);
  const isHeading =
    heading?.length === COLUMNS.length && COLUMNS.every((name, at) => heading[at]?.trim() === name);
  if (!isHeading) throw refusal(`the first line must be ${COLUMNS.join(',')}`);
  if (rows.length === 0) throw refusal('there is no line below the heading');
  return rows.map((cells, index) => read(cells, index + 2));
}

function recordsOf(csv: string): string[][] {
  try {
    const records = parse(csv, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: BULK_LIMIT + 2,
    });
    if (records.length > BULK_LIMIT + 1) throw refusal(`more than ${BULK_LIMIT} lines`);
    return records;
  } catch (error) {
    throw error instanceof CsvError ? refusal(error.message) : error;
  }
}

const refusal = (message: string) =>
  new DomainError('invalid-request', { errors: [{ path: 'csv', message }] });

function read(cells: readonly string[], line: number): BulkEntry {
  const [userId = '', amount = '', note = ''] = cells;
  if (cells.length !== COLUMNS.length)
    return { line, outcome: 'malformed', userId, detail: `has ${cells.length} cells, not ${COLUMNS.length}` };
  const result = entry.safeParse({ userId, amount, note });
  if (result.success) {
    const { amount: amountMicro, ...rest } = result.data;
    return { line, outcome: 'read', ...rest, amountMicro };
  }
  const [issue] = result.error.issues;
  return {
    line,
    outcome: 'malformed',
    userId,
    detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  };
}
