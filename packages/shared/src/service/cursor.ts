import { DomainError } from '../contracts/index.ts';

/** A page as it is asked for. */
export interface PageInput {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A page from `limit + 1` rows: the one too many says that there is more. */
export function pageOf<R, T>(
  rows: R[],
  limit: number,
  keyOf: (row: R) => string,
  view: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), nextCursor: more ? encodeCursor(keyOf(last)) : null };
}

const encodeCursor = (key: string) => Buffer.from(key).toString('base64url');

/** The key in a cursor; one that we did not make is `invalid-request`. */
export function decodeCursor(cursor: string, shape: RegExp): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (shape.test(key)) return key;
  throw new DomainError('invalid-request', { errors: [{ path: 'cursor', message: 'is not one of ours' }] });
}

/** Of rows in the order of time and id. Microseconds, since a JavaScript date would round and lose rows between pages. */
export const timeCursor = ({ micros, id }: { micros: number; id: string }): string => `${micros}.${id}`;

const TIME_CURSOR = /^\d{1,17}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Microseconds since the epoch and the id in a cursor; one that we did not make is `invalid-request`. */
export const decodeTimeCursor = (cursor: string): string[] => decodeCursor(cursor, TIME_CURSOR).split('.');
