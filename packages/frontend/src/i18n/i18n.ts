import i18next, { type i18n, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/index.ts';
import { isLanguage, type Language } from './language.ts';
import { th } from './th/index.ts';

export type Translate = TFunction;

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

/** Words are part of the bundle, so that the first paint needs no further request. */
export function createI18n(language: Language): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, th: { translation: th } },
    interpolation: { escapeValue: false }, // React escapes
    nsSeparator: false, // permissions have a colon in their names
    initAsync: false,
    showSupportNotice: false,
  });
  return instance;
}

/** The language in use, for Intl and for the wire. */
export function languageOf(instance: Pick<i18n, 'language'>): Language {
  return isLanguage(instance.language) ? instance.language : 'en';
}
