import { describe, expect, it, vi } from 'vitest';
import { createPreference } from './preference.ts';
import { createTheme, isTheme } from './theme.ts';

/** A system that can be switched between light and dark. */
class System extends EventTarget {
  matches: boolean;

  constructor(dark: boolean) {
    super();
    this.matches = dark;
  }

  turn(dark: boolean) {
    this.matches = dark;
    this.dispatchEvent(new Event('change'));
  }
}

function memory(start: Record<string, string> = {}) {
  const values = new Map(Object.entries(start));
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
  };
}

function themeWith(stored: Record<string, string>, dark: boolean) {
  const paint = vi.fn<(shade: 'light' | 'dark') => void>();
  const storage = memory(stored);
  const media = new System(dark);
  const theme = createTheme({ preference: createPreference('theme', () => storage), media, paint });
  return { theme, paint, storage, turn: (next: boolean) => media.turn(next) };
}

describe('theme', () => {
  it('follows the system while nobody has chosen', () => {
    const { theme, paint, turn } = themeWith({}, false);
    expect(theme.theme()).toBe('system');
    expect(paint).toHaveBeenLastCalledWith('light');
    turn(true);
    expect(paint).toHaveBeenLastCalledWith('dark');
  });

  it('is as chosen before, whatever the system does', () => {
    const { paint, turn } = themeWith({ theme: 'dark' }, false);
    expect(paint).toHaveBeenLastCalledWith('dark');
    turn(false);
    expect(paint).toHaveBeenLastCalledWith('dark');
  });

  it('changes by choice, tells who listens, and remembers', () => {
    const { theme, paint, storage } = themeWith({ theme: 'plaid' }, true);
    const listener = vi.fn();
    const leave = theme.subscribe(listener);
    theme.choose('light');
    leave();
    theme.choose('system');
    theme.choose('light');
    expect(paint).toHaveBeenLastCalledWith('light');
    expect(listener).toHaveBeenCalledTimes(1);
    expect(storage.getItem('theme')).toBe('light');
    expect(isTheme('plaid')).toBe(false);
  });
});

describe('a preference', () => {
  it('lasts as long as the page where the browser forbids storage', () => {
    const preference = createPreference('theme', () => {
      throw new DOMException('denied', 'SecurityError');
    });
    expect(preference.read()).toBeNull();
    preference.write('dark');
    expect(preference.read()).toBe('dark');
  });
});
