import { expect, it } from 'vitest';
import { expiryOf, isKeyLifetime, KEY_LIFETIME_NAMES } from './key-expiry.ts';

it('counts days from now', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(expiryOf('never', now)).toBeNull();
  expect(expiryOf('days30', now)).toBe('2026-01-31T00:00:00.000Z');
  expect(expiryOf('days365', now)).toBe('2027-01-01T00:00:00.000Z');
});

it('offers never first, and knows its own names', () => {
  expect(KEY_LIFETIME_NAMES[0]).toBe('never');
  expect(KEY_LIFETIME_NAMES.every(isKeyLifetime)).toBe(true);
  expect(isKeyLifetime('toString')).toBe(false);
});
