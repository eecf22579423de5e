/** PostgreSQL error codes, appendix A of its manual. */
const AWAY = /^(08\w{3}|57P0[1-3]|53300)$/;
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
/** Prisma: cannot reach, timed out reaching, closed the connection, no connection free. */
const PRISMA_AWAY = new Set(['P1001', 'P1002', 'P1017', 'P2024']);
const MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|connection ended unexpectedly/i;

interface Link {
  code?: unknown;
  originalCode?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Every error of a chain of causes, outermost first; Prisma's adapter keeps PostgreSQL's own code aside. */
function chain(error: unknown): Link[] {
  if (typeof error !== 'object' || error === null) return [];
  const link: Link = error;
  const { code, originalCode, message, cause } = link;
  return [{ code: originalCode ?? code, message }, ...chain(cause)];
}

/** True when the server is away, starting or stopping: a later try can succeed, this one did not happen or was undone. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return chain(error).some(({ code, message }) => {
    if (typeof code === 'string' && (AWAY.test(code) || NETWORK.has(code) || PRISMA_AWAY.has(code)))
      return true;
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
