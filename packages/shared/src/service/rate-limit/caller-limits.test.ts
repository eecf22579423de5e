import { describe, expect, test } from 'vitest';
import { ROLES } from '../../contracts/index.ts';
import { readConfig } from '../config.ts';
import { DEFAULT_LIMITS, rateLimits, windowsOf } from './caller-limits.ts';

const minuteOf = (level: number | undefined, limits = DEFAULT_LIMITS) =>
  windowsOf(limits, level === undefined ? undefined : { level })[0]?.limit;

describe('the limits of a caller', () => {
  test.each<[string, number | undefined, number[]]>([
    ['nobody known', undefined, DEFAULT_LIMITS.anonymous],
    ['a guest', ROLES.guest.level, [10, 100, 1_000]],
    ['a user', ROLES.user.level, [60, 1_000, 10_000]],
    ['a manager', ROLES.manager.level, [120, 2_000, 20_000]],
    ['an administrator: none', ROLES.admin.level, []],
    ['a superadmin: none', ROLES.superadmin.level, []],
    ['a role between user and manager: the lower', 59, [60, 1_000, 10_000]],
    ['a role between manager and admin: the lower', 79, [120, 2_000, 20_000]],
    ['a role below guest: the narrowest', 1, [10, 100, 1_000]],
    ['nobody of any role: the narrowest, never none', 0, [10, 100, 1_000]],
  ])('%s', (_who, level, limits) => {
    const windows = windowsOf(DEFAULT_LIMITS, level === undefined ? undefined : { level });
    expect(windows.map(({ limit }) => limit)).toEqual(limits);
  });

  test('they hold for a minute, an hour and a day', () => {
    expect(windowsOf(DEFAULT_LIMITS, { level: 40 }).map(({ seconds }) => seconds)).toEqual([
      60, 3_600, 86_400,
    ]);
  });
});

describe('RATE_LIMITS', () => {
  const read = (value: string) => readConfig({ rateLimits }, { RATE_LIMITS: value }).rateLimits;

  test('changes what it names and leaves the rest', () => {
    const limits = read('{"user":[1,2,3]}');
    expect(minuteOf(40, limits)).toBe(1);
    expect(minuteOf(60, limits)).toBe(120);
    expect(minuteOf(undefined, limits)).toBe(DEFAULT_LIMITS.anonymous[0]);
  });

  test.each([
    '{"user":[0,1000,10000]}',
    '{"user":[-1,1000,10000]}',
    '{"user":[1.5,1000,10000]}',
    '{"user":[60,1000]}',
    '{"user":null}',
    '{"admin":[1,1,1]}',
    '{"usr":[1,1,1]}',
    '[]',
    'sixty',
  ])('lesson 9: is refused where it says 0, or something else that nobody means: %s', (value) => {
    expect(() => read(value)).toThrow(/RATE_LIMITS/);
  });
});
