import { z } from 'zod';

/** Micro-credits: 1 credit = 1,000,000. Always a whole number within ±2^53. */
export const micro = z.int();
export const microNonNegative = z.int().min(0);

export const MICRO_PER_CREDIT = 1_000_000;

/** Small letters whatever was sent (RFC 9562, 4), so that the same id is the same text. */
export const id = z.uuid().toLowerCase();
export const timestamp = z.iso.datetime({ offset: true });
/** Lower-cased before it is compared or stored; 254 is the limit of RFC 5321, 4.5.3.1.3. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** Text that databases keep and lists show well: no control characters, no half of a character. */
export const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'has control characters');

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

export const nothing = z.void();
