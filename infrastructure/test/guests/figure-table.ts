import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const row = z.tuple([z.string(), z.string(), z.string()]);

/** What the tests of a run noted in this file, as lines of a table; none where they noted nothing. */
export function figureTable(path: string): string[] {
  if (!existsSync(path)) return [];
  const noted = readFileSync(path, 'utf8').trim().split('\n');
  const rows = [['what', 'measured', 'limit'], ...noted.map((line) => row.parse(JSON.parse(line)))];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
