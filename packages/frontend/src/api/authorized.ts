import type { Exchange } from './exchange.ts';
import { HubError } from './hub-error.ts';
import type { SessionStore } from './session.ts';

/** Adds the access token; when the hub refuses it, renews it and repeats the call once. */
export function withSession(exchange: Exchange, session: SessionStore): Exchange {
  const attempt = (path: string, init: RequestInit, token: string | undefined) => {
    const headers = new Headers(init.headers);
    if (token) headers.set('authorization', `Bearer ${token}`);
    return exchange(path, { ...init, headers });
  };

  return async (path, init) => {
    const token = await session.token();
    try {
      return await attempt(path, init, token);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const renewed = await session.token(token);
      if (!renewed || renewed === token) throw error;
      return attempt(path, init, renewed);
    }
  };
}

function isRefused(error: unknown): boolean {
  return error instanceof HubError && error.code === 'unauthenticated';
}
