import { BULK_LIMIT, id, MICRO_PER_CREDIT, oneLine } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { readCsv } from '../csv.ts';

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
 * Reads a file of adjustments: a heading of `userId,amount,note` and a line for each. Throws `invalid-request` for
 * what is no such file or is longer than BULK_LIMIT.
 */
export const readBulkCsv = (csv: string): BulkEntry[] =>
  readCsv(csv, COLUMNS, BULK_LIMIT).map((cells, index) => read(cells, index + 2));

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
