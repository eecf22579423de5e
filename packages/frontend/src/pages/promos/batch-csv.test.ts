import { expect, it } from 'vitest';
import { batchCsv } from './batch-csv.ts';

it('has a line for each code, with its terms', () => {
  const terms = { creditsMicro: 2_500_000, maxUses: 1, expiresAt: '2026-05-01T10:00:00.000Z' };
  expect(batchCsv(['A-1', 'A-2'], terms)).toBe(
    'code,credits,maxUses,expiresAt\r\nA-1,2.5,1,2026-05-01T10:00:00.000Z\r\nA-2,2.5,1,2026-05-01T10:00:00.000Z\r\n',
  );
});

it('leaves empty what is without limit', () => {
  const csv = batchCsv(['A'], { creditsMicro: 1, maxUses: null, expiresAt: null });
  expect(csv.split('\r\n')[1]).toBe('A,0.000001,,');
});
