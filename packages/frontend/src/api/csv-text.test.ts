import { expect, it } from 'vitest';
import { csvText } from './csv-text.ts';

it('quotes what would end a cell, and keeps a spreadsheet from computing', () => {
  expect(
    csvText([
      ['a,b', 'say "no"', 'two\nlines'],
      ['=1+1', '-2.5', '@x', ''],
    ]),
  ).toBe('"a,b","say ""no""","two\nlines"\r\n\'=1+1,-2.5,\'@x,\r\n');
});
