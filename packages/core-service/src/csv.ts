import type { Readable } from 'node:stream';
import type { RequestContext } from '@smart-ai-hub/shared/service';

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
