import { describe, expect, it } from 'vitest';
import { count, credits, creditsText, moment, momentText, required } from './typed-values.ts';

describe('credits', () => {
  it.each([
    ['1', 1_000_000],
    ['0.000001', 1],
    ['4.35', 4_350_000],
    ['999999999.999999', 999_999_999_999_999],
  ])('of %s are taken exactly, and shown again', (text, micro) => {
    expect(credits.parse(` ${text} `)).toBe(micro);
    expect(creditsText(micro)).toBe(text);
  });

  it.each(['-1', '1.0000001', '1e9', '.5', '1.', '1,5', '1234567890', '๑'])('are not %s', (text) => {
    expect(credits.safeParse(text).success).toBe(false);
  });

  it('can be left empty where nothing requires them', () => {
    expect([credits.parse(' '), creditsText(null)]).toEqual([null, '']);
    expect(required.pipe(credits).safeParse(' ').error?.issues).toMatchObject([{ code: 'too_small' }]);
  });
});

it('counts are whole numbers, or nothing', () => {
  expect([count.parse(' 30 '), count.parse('')]).toEqual([30, null]);
  expect(['-1', '1.5', '1e3', '0x1'].filter((text) => count.safeParse(text).success)).toEqual([]);
});

describe('moments', () => {
  it.each(['2026-05-01T13:37:00.000Z', '2026-12-31T23:59:59.999Z'])('of %s come back as they were', (at) => {
    expect(moment.parse(momentText(at))).toBe(at);
  });

  it('are of the clock of this place', () => {
    const typed = '2026-05-01T13:37';
    expect(moment.parse(typed)).toBe(new Date(typed).toISOString());
    expect(momentText(new Date(typed).toISOString())).toBe(`${typed}:00.000`);
  });

  it('can be left empty, and are no other text', () => {
    expect([moment.parse(''), momentText(null), momentText(undefined)]).toEqual([null, '', '']);
    expect(['soon', '12026-05-01T13:37'].filter((text) => moment.safeParse(text).success)).toEqual([]);
  });
});
