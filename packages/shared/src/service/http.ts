import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { DomainError } from '../contracts/index.ts';
import { type Challenge, plainChallenge } from './challenge.ts';
import { runInScope, type RequestScope, scopeFrom } from './context.ts';
import { shapeError, toDomainError } from './error-shapes.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyRequest {
    scope: RequestScope;
  }
  interface FastifyInstance {
    /** What the application makes of anything that is thrown in it. */
    toDomainError: (thrown: unknown) => DomainError;
    challenge: Challenge;
    /** Connections that nothing came over yet: an end of the application does not wait for them. */
    unusedSockets: Set<Socket>;
  }
}

/** A dependency that `/ready` asks; it rejects when it does not answer. */
export type Probe = () => Promise<void>;

export interface AppOptions {
  service: string;
  version: string;
  logger: Logger;
  /** Largest body in bytes. */
  bodyLimit?: number;
  /** Whose `X-Forwarded-For` is believed: a service hears the gateway alone, the gateway what it is told. */
  trustProxy?: boolean | string[];
  /** Dependencies by name. */
  probes?: Record<string, Probe>;
  /** True for errors that mean "a dependency is away", which answer 503 and not 500. */
  isUnavailable?: (error: unknown) => boolean;
  /** `WWW-Authenticate` of those who are not let in; `Bearer` by default. */
  challenge?: Challenge;
  /** Requests that end well are logged at this level; what fails is always a warning or an error. */
  accessLevel?: 'info' | 'debug';
}

/** Answers of one `/ready` question may take this long, in milliseconds. */
const PROBE_TIMEOUT = 2000;

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** The application of a service: scope, errors, health, metrics; no process, no port. */
export function createApp(options: AppOptions): FastifyInstance {
  const { service, version, bodyLimit = 1_048_576, trustProxy = true } = options;
  const app = Fastify({
    logger: false,
    bodyLimit,
    trustProxy,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    genReqId: () => '',
    rewriteUrl: ({ url }) => originForm(url),
    onProtoPoisoning: 'error',
    requestTimeout: 120_000,
    frameworkErrors: (thrown, request, reply) => {
      request.scope = scopeFrom(request.headers); // no hook runs for an address that cannot be read
      reply.header('x-request-id', request.scope.requestId);
      sendError(
        toDomainError(thrown, () => false),
        request,
        reply,
      );
    },
  });
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  void app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: service, version } },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.decorate('serviceVerbs', new Map());
  app.addHook('onClose', async () => {
    app.serviceVerbs.clear();
  });
  endIdleConnections(app);
  trackRequests(app, options);
  answerErrors(app, options);
  answerHealth(app, options);
  return app;
}

/** What a whole address asks for (RFC 9112, 3.2.2); the host that it names, like `Host`, decides nothing here. */
const originForm = (url = '/') => (url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*\/?/i, '/'));

/**
 * A drain waits for requests and not for connections: those that were opened ahead and never used, which Node
 * does not count as idle, and those that become idle only after the drain began.
 */
function endIdleConnections(app: FastifyInstance) {
  let closing = false;
  const unused = new Set<Socket>();
  app.decorate('unusedSockets', unused);
  app.server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }) => unused.delete(socket));
  app.addHook('preClose', (done) => {
    closing = true;
    for (const socket of unused) socket.destroy();
    done();
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    if (closing) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
}

function trackRequests(app: FastifyInstance, { service, logger, accessLevel = 'debug' }: AppOptions) {
  const metrics = createMetrics(service);
  app.decorateRequest('scope');
  app.addHook('onRequest', (request, reply, done) => {
    request.scope = scopeFrom(request.headers);
    reply.header('x-request-id', request.scope.requestId);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'unmatched' } = request.routeOptions;
    metrics.observeRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    if (logger.isLevelEnabled(accessLevel)) {
      runInScope(request.scope, () => logger.log(accessLevel, 'request', accessLine(request, reply, route)));
    }
    done();
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const direct =
      LOOPBACK.has(request.raw.socket.remoteAddress ?? '') && !request.headers['x-forwarded-for'];
    if (!direct) throw new DomainError('not-found');
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

/** No query, no header, no body: what people send stays out of the log. */
const accessLine = (request: FastifyRequest, reply: FastifyReply, route: string) => ({
  method: request.method,
  route,
  status: reply.statusCode,
  ms: Math.round(reply.elapsedTime),
});

function answerErrors(
  app: FastifyInstance,
  { logger, isUnavailable = () => false, challenge = plainChallenge }: AppOptions,
) {
  app.decorate('challenge', challenge);
  app.decorate('toDomainError', (thrown: unknown) => toDomainError(thrown, isUnavailable));
  app.setErrorHandler((thrown, request, reply) => {
    const error = app.toDomainError(thrown);
    const { method, routeOptions } = request;
    runInScope(request.scope, () => {
      logFailure(error, { method, route: routeOptions.url }, logger);
    });
    return sendError(error, request, reply);
  });
  const routes: { method: string; path: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (url === '/*' || url === '*') return; // pages and preflights answer whatever is left; that is no resource
    const path = new RegExp(
      `^${url
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/:\w+/g, '[^/]+')
        .replace('*', '.*')}$`,
    );
    routes.push(...[method].flat().map((one) => ({ method: one, path })));
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?', 1);
    const allowed = [...new Set(routes.filter((route) => route.path.test(path)).map(({ method }) => method))];
    // a method that is allowed came here for another reason, such as a name that is too long
    if (allowed.length === 0 || allowed.includes(request.method))
      return sendError(new DomainError('not-found'), request, reply);
    void reply.header('allow', allowed.join(', '));
    return sendError(new DomainError('method-not-allowed'), request, reply);
  });
}

/** What nobody foresaw is an error of ours; what was refused is of interest only while one looks for something. */
export function logFailure(error: DomainError, meta: object, logger: Logger): void {
  const said = { code: error.code, ...meta };
  if (error.code === 'internal-error') logger.error('request failed', { ...said, error: error.cause });
  else if (error.code === 'service-unavailable')
    logger.warn('request failed', { ...said, error: error.cause });
  else logger.debug('request refused', said);
}

/** Sends the error in the format of the path; the only place where a status meets an answer. */
export function sendError(error: DomainError, request: FastifyRequest, reply: FastifyReply) {
  const { status, contentType, body } = shapeError(error, request.url, request.scope.requestId);
  if (error.retryAfter !== undefined) void reply.header('retry-after', Math.ceil(error.retryAfter));
  if (error.code === 'unauthenticated' || error.scopes) {
    void reply.header('www-authenticate', request.server.challenge(request, error.scopes));
  }
  return reply.code(status).header('content-type', contentType).serializer(JSON.stringify).send(body);
}

function answerHealth(app: FastifyInstance, { service, version, probes = {} }: AppOptions) {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.get('/health', { schema: { hide: true } }, () => ({ status: 'ok', service, version }));
  app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
    const checks = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => [name, await answers(probe)] as const),
    );
    const ready = !closing && checks.every(([, ok]) => ok);
    const dependencies = Object.fromEntries(checks.map(([name, ok]) => [name, ok ? 'ok' : 'down']));
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : closing ? 'closing' : 'down', dependencies });
  });
}

async function answers(probe: Probe): Promise<boolean> {
  const timer = AbortSignal.timeout(PROBE_TIMEOUT);
  const late = new Promise<boolean>((resolve) =>
    timer.addEventListener('abort', () => {
      resolve(false);
    }),
  );
  return Promise.race([
    probe().then(
      () => true,
      () => false,
    ),
    late,
  ]);
}
