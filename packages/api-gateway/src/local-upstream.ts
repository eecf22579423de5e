import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceName, Upstream } from './upstreams.ts';

/**
 * A service of this process: its application handles the very same request and answer, so that nothing is
 * copied and streams need no relay. It sees the headers that it would have got over HTTP.
 */
export function localUpstream(name: ServiceName, app: () => FastifyInstance): Upstream {
  const forward = (request: FastifyRequest, reply: FastifyReply, headers: IncomingHttpHeaders) => {
    const { raw } = reply;
    reply.hijack();
    for (const [header, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(header, value);
    }
    const incoming = request.raw;
    incoming.headers = { host: request.headers.host, ...headers };
    app().routing(incoming, raw);
    return Promise.resolve();
  };

  return {
    name,
    forward,
    upgrade: (request, reply, headers, { socket, head }) => {
      const { server } = app();
      const offer = { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
      if (server.listenerCount('upgrade') === 0) return forward(request, reply, offer);
      reply.hijack();
      reply.raw.detachSocket(socket);
      request.raw.headers = { ...offer, host: request.headers.host };
      server.emit('upgrade', request.raw, socket, head);
      return Promise.resolve();
    },
    probe: async () => {
      const { statusCode } = await app().inject('/health');
      if (statusCode >= 400) throw new DomainError('service-unavailable', { detail: name });
    },
    close: () => Promise.resolve(),
  };
}
