/** What a test saw on the wire. */
export interface SeenRequest {
  method: string;
  path: string;
  authorization: string | null;
  body: unknown;
  signal: AbortSignal;
}

export type Answer = (request: SeenRequest) => Response | Promise<Response>;

/** A `fetch` that answers from a table of `METHOD /path`; the query is not part of the key. */
export function fakeServer(routes: Record<string, Answer>) {
  const seen: SeenRequest[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, 'http://hub.test'),
      init,
    );
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const noted: SeenRequest = {
      method: request.method,
      path: pathname + search,
      authorization: request.headers.get('authorization'),
      body: text === '' ? undefined : JSON.parse(text),
      signal: request.signal,
    };
    request.signal.throwIfAborted();
    seen.push(noted);
    const answer = routes[`${request.method} ${pathname}`];
    return answer ? answer(noted) : problem(404, 'not-found');
  };
  const count = (path: string) => seen.filter((request) => request.path === path).length;
  return { fetch, seen, count };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { 'x-request-id': 'request-1', ...headers } });
}

export function problem(status: number, code: string, more: Record<string, unknown> = {}): Response {
  return json({ type: `/problems/${code}`, title: code, status, code, ...more }, status);
}

/** A body that arrives in these pieces. */
export function streamOf(
  pieces: readonly (string | Uint8Array<ArrayBuffer>)[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) {
        controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      }
      controller.close();
    },
  });
}

export function eventStream(...data: unknown[]): Response {
  const events = data.map((item) => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`);
  return new Response(streamOf(events), { headers: { 'x-request-id': 'request-1' } });
}
