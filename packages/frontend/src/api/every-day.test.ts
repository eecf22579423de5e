import { expect, it } from 'vitest';
import { everyDay } from './every-day.ts';

it('fills the days on which nothing was used, up to today', () => {
  const now = Date.parse('2026-03-01T00:30:00Z');
  const used = { day: '2026-02-28', uses: 2, creditsMicro: 10 };
  expect(everyDay([used], 3, now)).toEqual([
    { day: '2026-02-27', uses: 0, creditsMicro: 0 },
    used,
    { day: '2026-03-01', uses: 0, creditsMicro: 0 },
  ]);
});
