/** PostgreSQL error codes, appendix A of its manual. */
const AWAY = /^(08\w{3}|57P0[1-3]|53\w{3})$/;
const RETRY = new Set(['40001', '40P01']);
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** Prisma: cannot reach, timed out reaching, closed the connection, no connection free, no transaction in time. */
const PRISMA_AWAY = new Set(['P1001', 'P1002', 'P1017', 'P2024', 'P2028']);
/** The same in the words of Prisma's adapter, which it keeps for raw queries. */
const ADAPTER_AWAY = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout']);
const MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|connection ended unexpectedly/i;

interface Link {
  code?: unknown;
  kind?: unknown;
  originalCode?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: unknown;
}

/** Deep enough for any chain of ours, and an end to one that bites its tail. */
const MAX_DEPTH = 10;

/**
 * Every error of a chain of causes, outermost first. Prisma's adapter keeps PostgreSQL's own code aside, and
 * Prisma keeps the adapter's error of a raw query under `meta`.
 */
function chain(error: unknown, depth = 0): Link[] {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return [];
  const link: Link = error;
  const { code, kind, originalCode, message, cause, meta } = link;
  const adapterError =
    typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta
      ? meta.driverAdapterError
      : undefined;
  return [
    { code: originalCode ?? kind ?? code, message },
    ...chain(cause, depth + 1),
    ...chain(adapterError, depth + 1),
  ];
}

const isAwayCode = (code: string) =>
  AWAY.test(code) || NETWORK.has(code) || PRISMA_AWAY.has(code) || ADAPTER_AWAY.has(code);

/** True when the server is away, starting or stopping: a later try can succeed, this one did not happen or was undone. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return chain(error).some(({ code, message }) => {
    if (typeof code === 'string' && isAwayCode(code)) return true;
    return typeof message === 'string' && MESSAGES.test(message);
  });
}

/** True for serialization failures and deadlocks: the transaction was undone and can be tried again. */
export function isRetryable(error: unknown): boolean {
  return chain(error).some(({ code }) => typeof code === 'string' && (RETRY.has(code) || code === 'P2034'));
}

/** True when a unique constraint refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return chain(error).some(({ code }) => code === '23505' || code === 'P2002');
}
