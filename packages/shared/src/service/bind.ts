import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import {
  type Access,
  type Actor,
  anthropicErrorBody,
  type Contract,
  DomainError,
  type Input,
  isPermission,
  jsonRpcErrorBody,
  lends,
  NEEDS_VERIFIED_EMAIL,
  openAiErrorBody,
  type Output,
  type Permission,
  problemBody,
  problemsOf,
  PROBLEMS,
  type Route,
  type Scope,
  scopeOf,
} from '../contracts/index.ts';
import { currentScope, outgoingScopeHeaders, runInScope, scopeFrom } from './context.ts';
import { dialectOf } from './error-shapes.ts';
import type { Secret } from './secret.ts';
import { requireRecent } from './step-up.ts';
import { bearerToken, type VerifyToken } from './token.ts';

/** What a handler knows of a call from another service. */
export interface ServiceContext {
  requestId: string;
}

/** What a handler knows of its request. `http` is for handlers that set cookies or stream; verbs leave it. */
export interface RequestContext extends ServiceContext {
  address: string;
  userAgent: string | undefined;
  http: { request: FastifyRequest; reply: FastifyReply };
}

export type ActorContext = RequestContext & { actor: Actor };

type ContextOf<R extends Route> = R['access'] extends 'service'
  ? ServiceContext
  : R['access'] extends 'public'
    ? RequestContext
    : ActorContext;

/** Answers the value of the success schema, or the reply itself where it has sent one of its own. */
export type Handler<R extends Route, D> = (
  ctx: D & ContextOf<R>,
  input: Input<R>,
) => Promise<Output<R> | FastifyReply>;
export type Handlers<C extends Contract, D> = { [K in keyof C]: Handler<C[K], D> };

export interface Guards {
  verifyToken: VerifyToken;
  serviceToken: Secret;
}

/** A route for services as a service of the same process calls it: the same check, schema and scope, no HTTP. */
export interface ServiceVerb {
  accepts: (token: string) => boolean;
  /** Rejects with what the route would have answered. */
  call: (body: unknown) => Promise<{ status: number; body: unknown }>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** By method and path; empty once the application is closed. */
    serviceVerbs: Map<string, ServiceVerb>;
  }
}

/**
 * Registers every route of a contract: authenticate, authorise, parse by its schemas, call the handler in
 * the request's scope, serialise by the success schema (what it does not name is left out).
 */
export function bind<C extends Contract, D extends object>(
  app: FastifyInstance,
  contract: C,
  guards: Guards,
  deps: D,
  handlers: Handlers<C, D>,
): void {
  for (const [name, route] of Object.entries(contract)) {
    const handler = handlers[name] as unknown as Handler<Route, D>; // same key of the same contract
    bindRoute(app, name, route, guards, deps, handler);
  }
}

function bindRoute<D extends object>(
  app: FastifyInstance,
  name: string,
  route: Route,
  guards: Guards,
  deps: D,
  handler: Handler<Route, D>,
) {
  const permission = isPermission(route.access) ? route.access : undefined;
  if (route.access === 'service' && !route.params && !route.query) {
    app.serviceVerbs.set(`${route.method} ${route.path}`, serviceVerb(app, route, guards, deps, handler));
  }
  app.route({
    method: route.method,
    url: route.path,
    schema: openApiSchema(name, route),
    ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
    onRequest: async (request) => {
      const actor = await authorise(route.access, permission, request, guards);
      if (route.stepUp && actor) requireRecent(actor);
      request.actor = actor;
    },
    handler: (request, reply) => {
      const { params, query, body } = request;
      const ctx = Object.assign(contextOf(request, reply), deps);
      return runInScope(request.scope, async () => {
        const value = await handler(ctx as D & ActorContext, { params, query, body }); // parsed by the schemas above, authorised by the hook
        return isAnswered(reply) ? reply : reply.code(route.success.status).send(value);
      });
    },
  });
}

/** The handler has begun an answer of its own, or whoever asked has left in the middle of it. */
const isAnswered = ({ sent, raw }: FastifyReply) => sent || raw.headersSent || raw.destroyed;

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | undefined;
  }
}

const contextOf = (request: FastifyRequest, reply: FastifyReply) => ({
  requestId: request.scope.requestId,
  address: request.ip,
  userAgent: request.headers['user-agent'],
  actor: request.actor,
  http: { request, reply },
});

function serviceVerb<D extends object>(
  app: FastifyInstance,
  { body: schema, success }: Route,
  { serviceToken }: Guards,
  deps: D,
  handler: Handler<Route, D>,
): ServiceVerb {
  const run = async (given: unknown) => {
    const body = schema?.parse(given);
    const ctx = { requestId: currentScope()?.requestId ?? '', ...deps };
    return handler(ctx as D & ActorContext, { body }); // a route for services asks for no more
  };
  return {
    accepts: (token) => sameSecret(token, serviceToken),
    call: (given) =>
      runInScope(scopeFrom(outgoingScopeHeaders()), () =>
        run(given).then(
          (body) => ({ status: success.status, body }),
          (thrown: unknown) => {
            throw app.toDomainError(thrown);
          },
        ),
      ),
  };
}

/** Who asks, by which token, where they may do this; rejects otherwise. */
export async function admitActor(
  request: FastifyRequest,
  permission: Permission | undefined,
  { verifyToken }: Guards,
): Promise<{ actor: Actor; token: string }> {
  const token = bearerToken(request.headers.authorization);
  if (token === undefined) throw new DomainError('unauthenticated');
  const { actor } = await verifyToken(token);
  request.scope.actorId = actor.userId;
  if (permission) requirePermission(actor, permission);
  return { actor, token };
}

async function authorise(
  access: Access,
  permission: Permission | undefined,
  request: FastifyRequest,
  guards: Guards,
): Promise<Actor | undefined> {
  if (access === 'public') return undefined;
  if (access === 'service') {
    const token = bearerToken(request.headers.authorization);
    if (token !== undefined && sameSecret(token, guards.serviceToken)) return undefined;
    throw new DomainError('unauthenticated');
  }
  return (await admitActor(request, permission, guards)).actor;
}

/** Throws what stands between this actor and the permission; answers how far it reaches otherwise. */
export function requirePermission(actor: Actor, permission: Permission): Scope {
  const scope = scopeOf(actor.grants, permission);
  if (scope !== undefined) return scope;
  if (actor.resource && lends(actor.resource, permission)) throw lackingScopes(permission);
  const waits = actor.unverified && NEEDS_VERIFIED_EMAIL.includes(permission);
  throw new DomainError(waits ? 'email-not-verified' : 'forbidden');
}

/** What a client hears that could ask its person for more. */
export const lackingScopes = (...scopes: Permission[]): DomainError =>
  new DomainError('forbidden', { detail: `the token lacks ${scopes.join(' and ')}`, scopes });

const digest = (text: string) => hash('sha256', text, 'buffer');

/** Compares in constant time, whatever the lengths. */
export const sameSecret = (given: string, secret: Secret): boolean =>
  timingSafeEqual(digest(given), digest(secret.reveal()));

/** What Fastify validates by and @fastify/swagger documents. */
function openApiSchema(name: string, route: Route): FastifySchema {
  return {
    operationId: name,
    summary: route.summary,
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
    response: { ...problemAnswers(route), ...successAnswer(route) },
  };
}

function successAnswer({ success: { status, schema, type } }: Route) {
  if (status === 303) return { [status]: z.null().describe('Leads on to another address') };
  if (status === 204) return { [status]: z.null().describe('Success, and nothing to say') };
  return { [status]: { description: 'Success', content: { [type ?? 'application/json']: { schema } } } };
}

const ERROR_CONTENT = {
  openai: { 'application/json': { schema: openAiErrorBody } },
  anthropic: { 'application/json': { schema: anthropicErrorBody } },
  jsonrpc: { 'application/json': { schema: jsonRpcErrorBody } },
  problem: { 'application/problem+json': { schema: problemBody } },
};

/** One answer a status, its description naming the codes that have it. */
function problemAnswers(route: Route) {
  const codes = new Map<number, string[]>();
  for (const code of problemsOf(route)) {
    const { status } = PROBLEMS[code];
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  const content = ERROR_CONTENT[dialectOf(route.path)];
  return Object.fromEntries(
    [...codes].map(([status, names]) => [status, { description: names.join(', '), content }]),
  );
}
