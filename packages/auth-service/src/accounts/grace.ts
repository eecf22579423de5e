/** Days for which a deleted account can be brought back by signing in. */
export const GRACE_DAYS = 30;

const DAY = 24 * 3600 * 1000;

/** When an account that was deleted then is gone for good. */
export const goneAt = (deletedAt: Date): Date => new Date(deletedAt.getTime() + GRACE_DAYS * DAY);

/** True once it cannot be brought back, also before the daily purge comes by. */
export const isGone = ({ deletedAt }: { deletedAt: Date | null }, now = new Date()): boolean =>
  deletedAt !== null && goneAt(deletedAt) <= now;
