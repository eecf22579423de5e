import { expect, it } from 'vitest';
import { byUrgency, isFine, reportCsv, type ReportLine } from './import-report.ts';

const good: ReportLine = {
  ...{ line: 2, subject: 'gpt-*', outcome: 'set', words: 'Will be set' },
  ...{ detail: null, fine: true },
};
const bad: ReportLine = { ...good, line: 3, subject: '=x', outcome: 'malformed', words: 'No', fine: false };

it('a report is fine when every line is', () => {
  expect(isFine({ applied: false, lines: [good, good] })).toBe(true);
  expect(isFine({ applied: false, lines: [good, bad] })).toBe(false);
  expect(isFine({ applied: false, lines: [] })).toBe(false);
});

it('shows what is wrong first, and saves in the order of the file', () => {
  expect(byUrgency([good, bad]).map(({ line }) => line)).toEqual([3, 2]);
  expect(reportCsv([good, { ...bad, detail: 'csv, no' }])).toBe(
    'line,subject,outcome,meaning,detail\r\n2,gpt-*,set,Will be set,\r\n3,\'=x,malformed,No,"csv, no"\r\n',
  );
});
