import type { z } from 'zod';
import type { Permission } from './access.ts';
import type { ProblemCode } from './problems.ts';

/** Who may call: anybody, anybody signed in, holders of a permission, or our own services alone. */
export type Access = 'public' | 'signed-in' | 'service' | Permission;

/** One route, stated once: from it come handler types, OpenAPI, the typed client and the checks. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:name` for each member of `params`. */
  path: `/${string}`;
  summary: string;
  access: Access;
  /**
   * What a session that was left open, or stolen, must not do: its person proves anew who they are where the last
   * proof is old. Keys and programs cannot be asked; they act by what they were given, which took a proof.
   */
  stepUp?: true;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Bytes of the body, where the service's own limit is too wide. */
  bodyLimit?: number;
  /** JSON unless `type` says otherwise; then the handler streams it. */
  success: { status: 200 | 201 | 204 | 303; schema: z.ZodType; type?: 'text/csv' | 'text/event-stream' };
  /** Codes of its own; those that any route may answer are in COMMON_PROBLEMS. */
  problems: readonly ProblemCode[];
}

export type Contract = Record<string, Route>;

/** Problems that every route may answer, so that no route lists them. */
export const COMMON_PROBLEMS = [
  'invalid-request',
  'internal-error',
  'service-unavailable',
] as const satisfies readonly ProblemCode[];

type Part<T, D extends 'in' | 'out'> = T extends z.ZodType
  ? D extends 'in'
    ? z.input<T>
    : z.output<T>
  : undefined;

type Given<R extends Route, D extends 'in' | 'out'> = {
  [K in 'params' | 'query' | 'body' as R[K] extends z.ZodType ? K : never]: Part<R[K], D>;
};

/** What a handler gets, after the schemas: parsed and with defaults filled in. */
export type Input<R extends Route> = Given<R, 'out'>;
/** What a caller gives: defaults may be left out. */
export type CallInput<R extends Route> = Given<R, 'in'>;
/** What a handler returns. */
export type Output<R extends Route> = z.input<R['success']['schema']>;
/** What a caller gets. */
export type CallOutput<R extends Route> = z.output<R['success']['schema']>;

/** Keeps the literal types of a contract, and checks each of its routes. */
export function defineContract<const C extends Contract>(contract: C): C {
  return contract;
}

/** The problems a route may answer, its own and the common ones. */
export function problemsOf(route: Route): ProblemCode[] {
  const guarded: ProblemCode[] =
    route.access === 'public' ? [] : ['unauthenticated', 'forbidden', 'rate-limited'];
  const proven: ProblemCode[] = route.stepUp ? ['step-up-required'] : [];
  const bodied: ProblemCode[] = route.body
    ? ['malformed-json', 'unsupported-media-type', 'body-too-large']
    : [];
  return [...new Set([...COMMON_PROBLEMS, ...guarded, ...proven, ...bodied, ...route.problems])];
}
