import { readConfig } from '@smart-ai-hub/shared/service';
import { describe, expect, test } from 'vitest';
import { settings } from './config.ts';
import { DEFAULT_LIMITS, windowsOf } from './limits.ts';

const minuteOf = (roles: readonly string[] | undefined, limits = DEFAULT_LIMITS) =>
  windowsOf(limits, roles)[0]?.limit;

describe('the limits of a caller', () => {
  test.each<[string, readonly string[] | undefined, number[]]>([
    ['nobody known', undefined, DEFAULT_LIMITS.anonymous],
    ['a guest', ['guest'], [10, 100, 1_000]],
    ['a user', ['user'], [60, 1_000, 10_000]],
    ['a manager', ['manager'], [120, 2_000, 20_000]],
    ['an administrator: none', ['admin'], []],
    ['a superadmin: none', ['superadmin'], []],
  ])('%s', (_who, roles, limits) => {
    expect(windowsOf(DEFAULT_LIMITS, roles).map(({ limit }) => limit)).toEqual(limits);
  });

  test('they hold for a minute, an hour and a day', () => {
    expect(windowsOf(DEFAULT_LIMITS, ['user']).map(({ seconds }) => seconds)).toEqual([60, 3_600, 86_400]);
  });

  test('the highest of several roles counts, in whatever order', () => {
    expect(minuteOf(['guest', 'manager', 'user'])).toBe(120);
    expect(windowsOf(DEFAULT_LIMITS, ['user', 'admin'])).toEqual([]);
  });

  test.each([[[]], [['auditor']], [['constructor']], [['__proto__']], [['']]])(
    'a role of no known limit gets the narrowest, never none: %j',
    (roles) => {
      expect(minuteOf(roles)).toBe(10);
    },
  );
});

describe('RATE_LIMITS', () => {
  const read = (value: string) =>
    readConfig(settings, { SERVICE_TOKEN: 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc', RATE_LIMITS: value })
      .rateLimits;

  test('changes what it names and leaves the rest', () => {
    const limits = read('{"user":[1,2,3]}');
    expect(minuteOf(['user'], limits)).toBe(1);
    expect(minuteOf(['manager'], limits)).toBe(120);
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
  ])('is refused where it says something that nobody means: %s', (value) => {
    expect(() => read(value)).toThrow(/RATE_LIMITS/);
  });
});
