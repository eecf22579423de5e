import { resourceMetadataPath } from '@smart-ai-hub/shared/contracts';
import type { FastifyInstance } from 'fastify';
import { WAYS } from './upstreams.ts';

/**
 * Tells a client that is refused at a protected resource where to read how it gets in (RFC 9728, 5.1), and whether
 * what it showed was wrong (RFC 6750, 3.1).
 */
export function challengeClients(app: FastifyInstance, issuer: string): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const { url = '' } = request.routeOptions;
    const resource = WAYS.find(({ prefix }) => url === prefix || url === `${prefix}/*`)?.resource;
    if (resource && reply.getHeader('www-authenticate') === 'Bearer') {
      const error = request.headers.authorization === undefined ? '' : 'error="invalid_token", ';
      const metadata = issuer + resourceMetadataPath(resource);
      void reply.header('www-authenticate', `Bearer ${error}resource_metadata="${metadata}"`);
    }
    done(null, payload);
  });
}
