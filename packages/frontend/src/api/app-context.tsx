import { createContext, use } from 'react';
import type { Language } from '../i18n/language.ts';
import type { ThemeStore } from '../ui/theme.ts';
import type { Hub } from './hub.ts';

/** What the program's start hands to its pages. */
export interface App {
  hub: Hub;
  theme: ThemeStore;
  chooseLanguage: (language: Language) => void;
  tellSignedOut: () => void;
}

const AppContext = createContext<App | undefined>(undefined);

export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error('useApp needs AppProvider above it');
  return app;
}

export const useHub = (): Hub => useApp().hub;
