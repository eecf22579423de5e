import './api/no-eval.ts';
import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { AppProvider } from './api/app-context.tsx';
import { createHub } from './api/hub.ts';
import { createQueryClient } from './api/query-client.ts';
import { onPersonChange } from './api/session.ts';
import { createLock, followOtherTabs } from './api/tabs.ts';
import { createI18n } from './i18n/i18n.ts';
import { pickLanguage, type Language } from './i18n/language.ts';
import { createAppRouter } from './routes.tsx';
import { createPreference } from './ui/preference.ts';
import { createTheme } from './ui/theme.ts';

const page = document.documentElement;
const theme = createTheme({
  preference: createPreference('theme', () => localStorage),
  media: matchMedia('(prefers-color-scheme: dark)'),
  paint: (shade) => (page.dataset['theme'] = shade),
});

const language = createPreference('language', () => localStorage);
const i18n = createI18n(pickLanguage(language.read(), navigator.languages));
page.lang = i18n.language;
i18n.on('languageChanged', (next) => (page.lang = next));
const chooseLanguage = (next: Language) => {
  language.write(next);
  void i18n.changeLanguage(next);
};

const hub = createHub({ fetch: (...call) => fetch(...call), lock: createLock(navigator.locks) });
const queries = createQueryClient();
const router = createAppRouter({ hub, queries });
const tellSignedOut = followOtherTabs(hub.session);

// What one person has loaded is never shown to the next, and whoever is signed out leaves the page.
onPersonChange(hub.session, () => {
  queries.clear();
  void router.invalidate();
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <AppProvider value={{ hub, theme, chooseLanguage, tellSignedOut }}>
          <RouterProvider router={router} />
        </AppProvider>
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
