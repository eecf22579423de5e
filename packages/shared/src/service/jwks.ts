import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** How often, in milliseconds, an unknown key id may make us ask again: forged ids must cost nothing. */
const REFETCH_AFTER = 10_000;

/**
 * Public keys of the auth-service, fetched once and kept; fetched anew when a token names a key that is
 * not among them, so that keys rotate without a restart.
 */
export function cachedJwks(
  fetchKeys: () => Promise<JSONWebKeySet>,
  now: () => number = Date.now,
): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  let fetchedAt = -Infinity;

  const load = () => {
    const before = keys;
    const loading = fetchKeys().then((set) => createLocalJWKSet(set));
    fetchedAt = now();
    keys = loading;
    loading.catch(() => {
      if (keys === loading) keys = before; // what was known still verifies while nobody answers
    });
    return loading;
  };

  /** Keys newer than these: those that another request has asked for already, or fetched now if it is time. */
  const newerThan = (known: Promise<JWTVerifyGetKey>) => {
    if (keys && keys !== known) return keys;
    return now() - fetchedAt < REFETCH_AFTER ? undefined : load();
  };

  return async (header, token) => {
    const known = keys ?? load();
    try {
      return await (
        await known
      )(header, token);
    } catch (error) {
      const newer = error instanceof errors.JWKSNoMatchingKey ? newerThan(known) : undefined;
      if (!newer) throw error;
      return (await newer)(header, token);
    }
  };
}
