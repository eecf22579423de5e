import { describe, expect, test } from 'vitest';
import { csvLine } from './csv.ts';

describe('a line of CSV', () => {
  test.each<[readonly (string | null)[], string]>([
    [['a', null, ''], 'a,,'],
    [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"'],
    [['ชื่อ'], 'ชื่อ'],
  ])('of %j is %j', (cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`);
  });

  test.each([
    '=1+1',
    '+1',
    '-1+1',
    '-1-',
    '-',
    '-cmd',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '=HYPERLINK("http://x","y")',
  ])('never holds a formula: %j', (formula) => {
    const line = csvLine([formula]);
    expect(line.replaceAll('""', '"')).toContain(`'${formula}`);
    expect(line).toMatch(/^"?'/);
  });

  test.each(['-1', '-0.000001', '12.5'])('keeps a number as it is: %s', (number) => {
    expect(csvLine([number])).toBe(`${number}\r\n`);
  });
});
