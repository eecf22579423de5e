import { DomainError, isProblemCode, problemBody } from './problems.ts';
import type { CallInput, CallOutput, Contract, Route } from './route.ts';

export interface ClientRequest {
  method: Route['method'];
  /** Path and query, encoded. */
  path: string;
  body: unknown;
  signal?: AbortSignal | undefined;
  /** For whom a service asks; for itself where this is left out. */
  caller?: Caller;
}

/** Somebody whom a service serves, as it heard of them. */
export interface Caller {
  /** The internal token that says who they are. */
  token: string;
  address: string;
  userAgent: string | undefined;
}

export interface ClientResponse {
  status: number;
  body: unknown;
}

/** Carries one call: HTTP in the browser and between processes, a direct call inside one process. */
export type Transport = (request: ClientRequest) => Promise<ClientResponse>;

/** The same way, for somebody else: what is asked on it is decided by what they may do. */
export const onBehalfOf =
  (transport: Transport, caller: Caller): Transport =>
  (request) =>
    transport({ ...request, caller });

export interface CallOptions {
  signal?: AbortSignal;
}

type Call<R extends Route> = keyof CallInput<R> extends never
  ? (input?: Record<string, never>, options?: CallOptions) => Promise<CallOutput<R>>
  : (input: CallInput<R>, options?: CallOptions) => Promise<CallOutput<R>>;

export type Client<C extends Contract> = { [K in keyof C]: Call<C[K]> };

/**
 * A method for each route of the contract. Rejects with a DomainError: the problem that the other
 * side answered, or `service-unavailable` where it gave none or the answer breaks the contract.
 */
export function createClient<C extends Contract>(contract: C, transport: Transport): Client<C> {
  const calls = Object.entries(contract).map(([name, route]) => [name, callRoute(route, transport)]);
  return Object.fromEntries(calls) as Client<C>; // each value was made from the route of its name
}

function callRoute(route: Route, transport: Transport) {
  return async (input: Partial<Record<'params' | 'query' | 'body', unknown>> = {}, options?: CallOptions) => {
    const response = await transport({
      method: route.method,
      path: pathOf(route, input.params, input.query),
      body: input.body,
      signal: options?.signal,
    });
    if (response.status !== route.success.status) throw problemOf(response);
    const parsed = route.success.schema.safeParse(response.body ?? undefined);
    if (parsed.success) return parsed.data;
    throw new DomainError('service-unavailable', {
      detail: `${route.method} ${route.path} answered outside its contract`,
      cause: parsed.error,
    });
  };
}

function pathOf(route: Route, params: unknown, query: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

function problemOf({ status, body }: ClientResponse): DomainError {
  const parsed = problemBody.safeParse(body);
  if (!parsed.success || !isProblemCode(parsed.data.code)) {
    return new DomainError('service-unavailable', { detail: `unexpected answer with status ${status}` });
  }
  const { code, detail, retryAfter, errors } = parsed.data;
  return new DomainError(code, {
    ...(detail !== undefined && { detail }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(errors && { errors }),
  });
}
