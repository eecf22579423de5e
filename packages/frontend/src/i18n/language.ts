export const LANGUAGES = { en: 'English', th: 'ไทย' } as const;

export type Language = keyof typeof LANGUAGES;

/** True for the languages that have words. */
export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}

/** The person's own choice, else the first language of the browser that we speak, else English. */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const candidates = [chosen, ...preferred.map((tag) => tag.split('-')[0])];
  return candidates.find(isLanguage) ?? 'en';
}
