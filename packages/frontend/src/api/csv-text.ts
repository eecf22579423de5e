/** A plain number computes nothing, whatever its sign. */
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Whatever begins a formula in a spreadsheet (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Lines of CSV (RFC 4180). What a spreadsheet would compute is made text by an apostrophe. */
export const csvText = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');

function csvCell(value: string): string {
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
