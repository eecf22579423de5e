import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { FastifyInstance } from 'fastify';
import type { ServiceName, Upstream } from './upstreams.ts';

/**
 * A service of this process: its application handles the very same request and answer, so that nothing is
 * copied and streams need no relay. It sees the headers that it would have got over HTTP.
 */
export function localUpstream(name: ServiceName, app: () => FastifyInstance): Upstream {
  return {
    name,
    forward: (request, reply, headers) => {
      const { raw } = reply;
      reply.hijack();
      for (const [header, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(header, value);
      const incoming = request.raw;
      incoming.headers = { ...headers, host: request.headers.host };
      app().routing(incoming, raw);
      return Promise.resolve();
    },
    upgrade: (request, socket, head, headers) => {
      request.headers = { ...headers, connection: 'Upgrade', upgrade: 'websocket' };
      if (app().server.emit('upgrade', request, socket, head)) return;
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    },
    probe: async () => {
      const { statusCode } = await app().inject('/health');
      if (statusCode >= 400) throw new DomainError('service-unavailable', { detail: name });
    },
    close: () => Promise.resolve(),
  };
}
