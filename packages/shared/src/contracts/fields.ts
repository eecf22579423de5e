import { z } from 'zod';

/** Micro-credits: 1 credit = 1,000,000. Always a whole number within ±2^53. */
export const micro = z.int();
export const microNonNegative = z.int().min(0);

export const MICRO_PER_CREDIT = 1_000_000;

export const id = z.uuid();
export const timestamp = z.iso.datetime({ offset: true });
/** Lower-cased before it is compared or stored; 254 is the limit of RFC 5321, 4.5.3.1.3. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

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

export const nothing = z.void();
