import type { en } from './en.ts';

type Letters = Omit<typeof en, 'footer'>;
export type Template = keyof Letters;

interface Letter {
  readonly subject: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What a translation has to be. */
export type MailWords = Readonly<Record<Template, Letter> & { footer: string }>;
