import { MICRO_PER_CREDIT } from '@smart-ai-hub/shared/contracts';
import type { Language } from './language.ts';

function isDecimal(text: string): text is `${number}` {
  return /^-?\d+\.\d{6}$/.test(text);
}

/** A whole number of micro-credits as a decimal string: exact, never by way of floating point. */
function decimalOf(micro: number): `${number}` {
  const whole = Math.trunc(Math.abs(micro) / MICRO_PER_CREDIT);
  const fraction = String(Math.abs(micro) % MICRO_PER_CREDIT).padStart(6, '0');
  const decimal = `${micro < 0 ? '-' : ''}${whole}.${fraction}`;
  if (!isDecimal(decimal)) throw new RangeError(`${micro} is not a whole number of micro-credits`);
  return decimal;
}

export interface CreditFormat {
  /** Show `+` as well as `-`. */
  signed?: boolean;
  /** Decimals that are shown even where they are zero. */
  decimals?: 2 | 6;
}

/** Credits for people: up to 6 decimals, grouped and separated as the language does it. */
export function formatCredits(micro: number, language: Language, format: CreditFormat = {}): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: format.decimals ?? 2,
    maximumFractionDigits: 6,
    signDisplay: format.signed ? 'exceptZero' : 'negative',
  }).format(decimalOf(micro));
}

/** All 6 decimals, split before the trailing zeros, so that a column aligns and the eye skips them. */
export function creditParts(
  micro: number,
  language: Language,
  signed = false,
): [figure: string, zeros: string] {
  const text = formatCredits(micro, language, { signed, decimals: 6 });
  const figure = text.replace(/0{1,4}$/, '');
  return [figure, text.slice(figure.length)];
}

export function formatCount(count: number, language: Language): string {
  return new Intl.NumberFormat(language).format(count);
}

export function formatWhen(timestamp: string, language: Language, timeZone?: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(language, timeZone ? { ...style, timeZone } : style).format(
    new Date(timestamp),
  );
}

export function formatDay(timestamp: string, language: Language, timeZone?: string): string {
  const style = { dateStyle: 'medium' } as const;
  return new Intl.DateTimeFormat(language, timeZone ? { ...style, timeZone } : style).format(
    new Date(timestamp),
  );
}

/** The name of a country by its code of ISO 3166-1, as the language has it. */
export function formatCountry(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}

/** Milliseconds below a second, seconds with one decimal above. */
export function formatLatency(ms: number, language: Language): string {
  const [value, unit, digits] = ms < 1000 ? [ms, 'millisecond', 0] : [ms / 1000, 'second', 1];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** How long to wait, in the largest unit that does not round the wait down. */
export function formatWait(seconds: number, language: Language): string {
  const [value, unit] = seconds <= 90 ? [Math.ceil(seconds), 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
