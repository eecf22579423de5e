import type { z } from 'zod';
import type { Translate } from '../i18n/i18n.ts';

/** A mistake as the words know it, with the limit that was not kept. */
export type FieldMistake =
  { key: 'required' | 'email' | 'invalid' } | { key: 'tooShort' | 'tooLong'; limit: number };

export type Mistakes = Partial<Record<string, FieldMistake>>;

export type Checked<T> = { ok: true; data: T } | { ok: false; mistakes: Mistakes };

/** Holds the values against the contract's own schema; the first mistake of each field counts. */
export function checkFields<S extends z.ZodType>(schema: S, values: unknown): Checked<z.output<S>> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { ok: true, data: parsed.data };
  const mistakes: Mistakes = {};
  for (const issue of parsed.error.issues) {
    mistakes[String(issue.path[0] ?? '')] ??= mistakeOf(issue);
  }
  return { ok: false, mistakes };
}

function mistakeOf(issue: z.core.$ZodIssue): FieldMistake {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin !== 'string') return { key: 'invalid' };
      return issue.minimum === 1 ? { key: 'required' } : { key: 'tooShort', limit: Number(issue.minimum) };
    case 'too_big':
      if (issue.origin !== 'string') return { key: 'invalid' };
      return { key: 'tooLong', limit: Number(issue.maximum) };
    case 'invalid_format':
      return { key: issue.format === 'email' ? 'email' : 'invalid' };
    default:
      return { key: 'invalid' };
  }
}

export function mistakeWords(mistake: FieldMistake, t: Translate): string {
  if ('limit' in mistake) return t(`forms.errors.${mistake.key}`, { limit: String(mistake.limit) });
  return t(`forms.errors.${mistake.key}`);
}
