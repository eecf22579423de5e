import { expect, it } from 'vitest';
import { statementFile } from './credit-queries.ts';

it('a statement is of somebody and of some days, or of oneself and of all', () => {
  expect(statementFile(undefined, {})).toBe('/api/v1/credits/statement?');
  const days = { from: '2026-05-01T00:00:00.000Z', to: undefined };
  expect(statementFile('ada', days)).toBe(
    '/api/v1/credits/statement?userId=ada&from=2026-05-01T00%3A00%3A00.000Z',
  );
});
