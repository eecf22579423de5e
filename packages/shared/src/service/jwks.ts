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
    fetchedAt = now();
    const loading = fetchKeys().then((set) => createLocalJWKSet(set));
    loading.catch(() => {
      if (keys === loading) keys = undefined;
    });
    keys = loading;
    return loading;
  };

  return async (header, token) => {
    const current = await (keys ?? load());
    try {
      return await current(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || now() - fetchedAt < REFETCH_AFTER) throw error;
      return (await load())(header, token);
    }
  };
}
