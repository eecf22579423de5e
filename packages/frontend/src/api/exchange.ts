import { HubUnreachable, hubErrorOf, isAbort } from './hub-error.ts';

/** One HTTP exchange; resolves with good answers only. */
export type Exchange = (path: string, init: RequestInit) => Promise<Response>;

export function createExchange(fetch: typeof globalThis.fetch): Exchange {
  return async (path, init) => {
    const response = await fetch(path, init).catch((error: unknown) => {
      throw isAbort(error) ? error : new HubUnreachable(error);
    });
    if (response.ok) return response;
    throw hubErrorOf(await readJson(response), requestIdOf(response), response.headers.get('retry-after'));
  };
}

export function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined;
}

/** The JSON body, or nothing where there is none; whoever asked checks its shape. */
export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw isAbort(error) ? error : new HubUnreachable(error, requestIdOf(response));
  });
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page of HTML: reported by its missing shape
  }
}
