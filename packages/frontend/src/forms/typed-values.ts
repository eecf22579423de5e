import { MICRO_PER_CREDIT, timestamp } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** What may be left empty, and then is nothing. */
export const optional = (schema: z.ZodType<string | undefined, string | undefined>) =>
  z
    .string()
    .trim()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(schema);

/** What may not be left empty: stands before `count` or `credits`. */
export const required = z.string().trim().min(1);

/** A whole number; left empty, null. */
export const count = z
  .string()
  .trim()
  .regex(/^\d*$/)
  .transform((text) => (text === '' ? null : Number(text)));

/** Credits with up to 6 decimals as micro-credits: exact, never by way of floating point. Left empty, null. */
export const credits = z
  .string()
  .trim()
  .regex(/^(\d{1,9}(\.\d{1,6})?)?$/)
  .transform((text) => {
    if (text === '') return null;
    const [whole = '', fraction = ''] = text.split('.');
    return Number(whole) * MICRO_PER_CREDIT + Number(fraction.padEnd(6, '0'));
  });

/** Micro-credits as a form shows them, without what would be zeros. */
export const creditsText = (micro: number | null | undefined): string => {
  if (micro == null) return '';
  const fraction = String(micro % MICRO_PER_CREDIT)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.trunc(micro / MICRO_PER_CREDIT)}${fraction && `.${fraction}`}`;
};

/** A moment by the clock of this place, as `datetime-local` has it; left empty, null. */
export const moment = z
  .string()
  .transform((text) => {
    if (text === '') return null;
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? text : at.toISOString();
  })
  .pipe(timestamp.nullable());

const MINUTE_MS = 60_000;

/** The same the other way, to the millisecond: what is not touched does not change. */
export function momentText(at: string | null | undefined): string {
  if (at == null) return '';
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, -1);
}
