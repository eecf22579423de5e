import { createListeners } from '../api/listeners.ts';
import type { Preference } from './preference.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ThemeOptions {
  preference: Preference;
  /** Does the system ask for dark? */
  media: { matches: boolean; addEventListener: (type: 'change', listener: () => void) => void };
  paint: (shade: 'light' | 'dark') => void;
}

export type ThemeStore = ReturnType<typeof createTheme>;

export function isTheme(value: unknown): value is Theme {
  return THEMES.some((theme) => theme === value);
}

/** Light or dark: the person's choice, and the system's as long as there is none. */
export function createTheme({ preference, media, paint }: ThemeOptions) {
  const { tell, subscribe } = createListeners();
  const stored = preference.read();
  let theme: Theme = isTheme(stored) ? stored : 'system';

  const repaint = () => {
    const system = media.matches ? 'dark' : 'light';
    paint(theme === 'system' ? system : theme);
  };
  media.addEventListener('change', repaint);
  repaint();

  return {
    theme: () => theme,
    choose(next: Theme) {
      theme = next;
      preference.write(next);
      repaint();
      tell();
    },
    subscribe,
  };
}
