import { z } from 'zod';

/** Micro-credits: 1 credit = 1,000,000. Always a whole number within ±2^53. */
export const micro = z.int();
export const microNonNegative = z.int().min(0);

export const MICRO_PER_CREDIT = 1_000_000;

/** Small letters whatever was sent (RFC 9562, 4), so that the same id is the same text. */
export const id = z.uuid().toLowerCase();
export const timestamp = z.iso.datetime({ offset: true });
/**
 * Letters of ASCII alone, so that no two addresses look alike; a domain of other letters is given in its ASCII form
 * (RFC 5890, 2.3.2.1: `xn--…`). No quotes, no blanks, no line breaks: nothing that a mail header could end at.
 */
const ADDRESS =
  /^[a-z0-9_'+-]+(?:\.[a-z0-9_'+-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9])$/i;

/**
 * Looked at before it is lower-cased, since some letters beyond ASCII have a lower case within it; 254 is the limit
 * of RFC 5321, 4.5.3.1.3.
 */
export const email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ pattern: ADDRESS }).toLowerCase());

/** A time with a year of four digits, in UTC too: what every database and client reads alike. */
export const storableTime = timestamp.refine((time) => {
  const date = new Date(time);
  return !Number.isNaN(date.getTime()) && /^(?!0000)\d{4}-/.test(date.toISOString());
}, 'is out of range');

/** Text that databases keep and lists show well: no control characters, no half of a character. */
export const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'has control characters');

/** True where a pattern, which is an id or a prefix that ends in `*`, stands for this id. */
export const matchesPattern = (pattern: string, id: string): boolean =>
  pattern === id || (pattern.endsWith('*') && id.startsWith(pattern.slice(0, -1)));

/** A page asked for by keyset: `cursor` is the `nextCursor` of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .regex(/^[\w-]{1,128}$/)
    .optional(),
});

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** PostgreSQL keeps no zero byte, and no list shows two lines well. */
export const isOneLine = (text: string) => !/\p{Cc}/u.test(text);

export const isUnique = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
/** Said of a list that is not unique. */
export const TWICE = 'names something twice';

export const nothing = z.void();
