import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  creditParts,
  formatCount,
  formatCountry,
  formatCredits,
  formatDay,
  formatLatency,
  formatWait,
  formatWhen,
} from './format.ts';

it('names countries as the language does', () => {
  expect([formatCountry('TH', 'en'), formatCountry('TH', 'th')]).toEqual(['Thailand', 'ไทย']);
});

describe('formatCredits', () => {
  it.each([
    [0, '0.00'],
    [1, '0.000001'],
    [24, '0.000024'],
    [1_000_000, '1.00'],
    [1_500_000, '1.50'],
    [-24, '-0.000024'],
    [1_234_567_891_234, '1,234,567.891234'],
    [Number.MAX_SAFE_INTEGER, '9,007,199,254.740991'],
  ])('shows %d micro-credits as %s', (micro, shown) => {
    expect(formatCredits(micro, 'en')).toBe(shown);
  });

  it('shows the sign where it is asked to, and none for nothing', () => {
    const signs = [1_000_000, -1_000_000, 0].map((micro) => formatCredits(micro, 'en', { signed: true }));
    expect(signs).toEqual(['+1.00', '-1.00', '0.00']);
  });

  it('loses nothing, whatever the amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (micro) => {
        const digits = formatCredits(micro, 'en', { decimals: 6 }).replaceAll(/[.,]/g, '');
        expect(BigInt(digits)).toBe(BigInt(micro));
      }),
    );
  });

  it('refuses what is no whole number', () => {
    expect(() => formatCredits(0.5, 'en')).toThrow(RangeError);
  });
});

describe('creditParts', () => {
  it.each([
    [1_000_000, '1.00', '0000'],
    [24, '0.000024', ''],
    [1_620_000, '1.62', '0000'],
    [100_000, '0.10', '0000'],
  ])('sets the idle zeros of %d apart', (micro, figure, zeros) => {
    expect(creditParts(micro, 'en')).toEqual([figure, zeros]);
  });

  it('keeps the sign', () => {
    expect(creditParts(-5, 'th', true)).toEqual(['-0.000005', '']);
  });
});

describe('other figures', () => {
  it('group counts', () => {
    expect(formatCount(1234567, 'en')).toBe('1,234,567');
  });

  it('tell the time in the language and calendar of the person', () => {
    expect(formatWhen('2026-05-01T10:00:00Z', 'en', 'UTC')).toMatch(/^May 1, 2026, 10:00\sAM$/);
    expect(formatWhen('2026-05-01T10:00:00Z', 'th', 'UTC')).toContain('2569');
    expect(formatDay('2026-05-01T10:00:00Z', 'en', 'UTC')).toBe('May 1, 2026');
    expect(formatWhen('2026-05-01T10:00:00Z', 'en')).toContain('2026');
    expect(formatDay('2026-05-01T10:00:00Z', 'en')).toContain('2026');
  });

  it.each([
    [40, '40ms'],
    [999, '999ms'],
    [1000, '1.0s'],
    [4321, '4.3s'],
  ])('show %d ms as %s', (ms, shown) => {
    expect(formatLatency(ms, 'en')).toBe(shown);
  });

  it.each([
    [1, '1 second'],
    [90, '90 seconds'],
    [91, '2 minutes'],
    [900, '15 minutes'],
  ])('tell a wait of %d seconds as %s', (seconds, shown) => {
    expect(formatWait(seconds, 'en')).toBe(shown);
  });
});
