/** The lifetimes that a person can choose from, in days. */
export const KEY_LIFETIMES = { never: undefined, days30: 30, days90: 90, days365: 365 } as const;

export type KeyLifetime = keyof typeof KEY_LIFETIMES;

export const KEY_LIFETIME_NAMES = Object.keys(KEY_LIFETIMES).filter(isKeyLifetime);

export function isKeyLifetime(value: unknown): value is KeyLifetime {
  return typeof value === 'string' && Object.hasOwn(KEY_LIFETIMES, value);
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** When a key ends that is made now, as the contract wants it. */
export function expiryOf(lifetime: KeyLifetime, now = Date.now()): string | null {
  const days = KEY_LIFETIMES[lifetime];
  return days === undefined ? null : new Date(now + days * DAY_MS).toISOString();
}
