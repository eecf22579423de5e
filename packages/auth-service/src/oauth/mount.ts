import { PROBLEMS, RESOURCE_NAMES, RESOURCES, resourceMetadataPath } from '@smart-ai-hub/shared/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { AuthDeps } from '../context.ts';
import { clientMetadata, complaintOf } from './client-metadata.ts';
import { OAUTH_PATHS } from './addresses.ts';
import { registerClient } from './register-client.ts';

/** What of the OAuth server is open; whatever else the library would answer is not reached. */
const SERVED: readonly ['GET' | 'POST', string][] = [
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['GET', OAUTH_PATHS.authorization],
  ['GET', `${OAUTH_PATHS.authorization}/:uid`],
  ['POST', OAUTH_PATHS.token],
  ['POST', OAUTH_PATHS.device_authorization],
  ['POST', OAUTH_PATHS.revocation],
];

const ONLY = { exposeHeadRoute: false };

/** Opens the OAuth server, its registration, and the metadata of the resources that it protects. */
export function mountOAuth(app: FastifyInstance, deps: AuthDeps): void {
  void app.register(async (routes) => {
    const serve = handOver(deps);
    routes.removeAllContentTypeParsers(); // the library reads the bodies
    routes.addContentTypeParser('*', (_request, _payload, done) => {
      done(null);
    });
    for (const [method, url] of SERVED) routes.route({ method, url, ...ONLY, handler: serve });
  });
  mountRegistration(app, deps);
  mountResources(app, deps.issuer);
}

/** The library answers on the raw connection; it believes scheme and host, so these are ours. */
function handOver({ oauthServer, issuer }: AuthDeps) {
  const { host, protocol } = new URL(issuer);
  let opened: Promise<ReturnType<Provider['callback']>> | undefined;
  return async ({ raw: request }: FastifyRequest, reply: FastifyReply) => {
    const serve = await (opened ??= oauthServer().then((server) => server.callback()));
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    Object.assign(request.headers, {
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
    });
    await serve(request, reply.raw);
    return reply;
  };
}

/** Bytes of what a client says of itself. */
const LARGEST_CLIENT = 8192;

/** Answers in the words of RFC 7591, 3.2, which clients know. */
function mountRegistration(app: FastifyInstance, deps: AuthDeps) {
  app.post(OAUTH_PATHS.registration, { ...ONLY, bodyLimit: LARGEST_CLIENT }, async ({ body, ip }, reply) => {
    reply.header('cache-control', 'no-store');
    const said = clientMetadata.safeParse(body);
    if (said.success) return reply.code(201).send(await registerClient(deps, said.data, ip));
    const isAddress = said.error.issues.some(({ path: [field] }) => field === 'redirect_uris');
    return reply.code(PROBLEMS['invalid-request'].status).send({
      error: isAddress ? 'invalid_redirect_uri' : 'invalid_client_metadata',
      error_description: complaintOf(said.error),
    });
  });
}

/** What a resource says of itself, so that a client finds us by the address it wants to use (RFC 9728). */
function mountResources(app: FastifyInstance, issuer: string) {
  for (const name of RESOURCE_NAMES) {
    app.get(resourceMetadataPath(name), ONLY, async () => ({
      resource: issuer + name,
      authorization_servers: [issuer],
      jwks_uri: issuer + OAUTH_PATHS.jwks,
      scopes_supported: RESOURCES[name].scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Smart AI Hub',
    }));
  }
}
