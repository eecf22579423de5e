import type { Readable } from 'node:stream';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { RequestContext } from '@smart-ai-hub/shared/service';
import { CsvError, parse } from 'csv-parse/sync';

/** Streams CSV to whoever asked, as a file of this name. */
export async function sendCsv(
  { http: { reply } }: RequestContext,
  name: string,
  lines: Readable,
): Promise<RequestContext['http']['reply']> {
  void reply.header('content-disposition', `attachment; filename="${name}"`);
  await reply.type('text/csv; charset=utf-8').send(lines);
  return reply;
}

/** A plain number computes nothing, whatever its sign. */
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Whatever begins a formula in a spreadsheet (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of CSV (RFC 4180). What a spreadsheet would compute is made text by an apostrophe. */
export const csvLine = (cells: readonly (string | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(value: string | null): string {
  const text = value !== null && FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : (value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The rows below the heading of a CSV that somebody gave in a field `csv` (RFC 4180). Byte order mark, either end of
 * line and empty lines are taken. Throws `invalid-request` for another heading, no row, or more rows than `limit`.
 */
export function readCsv(csv: string, columns: readonly string[], limit: number): string[][] {
  const [heading, ...rows] = recordsOf(csv, limit);
  const isHeading =
    heading?.length === columns.length && columns.every((name, at) => heading[at]?.trim() === name);
  if (!isHeading) throw refusal(`the first line must be ${columns.join(',')}`);
  if (rows.length === 0) throw refusal('there is no line below the heading');
  if (rows.length > limit) throw refusal(`more than ${limit} lines`);
  return rows;
}

function recordsOf(csv: string, limit: number): string[][] {
  try {
    return parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true, to: limit + 2 });
  } catch (error) {
    throw error instanceof CsvError ? refusal(error.message) : error;
  }
}

const refusal = (message: string) =>
  new DomainError('invalid-request', { errors: [{ path: 'csv', message }] });
