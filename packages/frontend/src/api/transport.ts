import type { Transport } from '@smart-ai-hub/shared/contracts';
import { readJson, type Exchange } from './exchange.ts';

/** Carries the calls of the typed clients. The cookie with the refresh token goes to our origin alone. */
export function createTransport(exchange: Exchange): Transport {
  return async ({ method, path, body, signal }) => {
    const response = await exchange(path, {
      method,
      credentials: 'same-origin',
      ...(body !== undefined && jsonBody(body)),
      ...(signal && { signal }),
    });
    return { status: response.status, body: await readJson(response) };
  };
}

export function jsonBody(body: unknown): Pick<RequestInit, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
