import type { HandshakeOf } from '@smart-ai-hub/shared/service';
import type { FastifyInstance } from 'fastify';

/**
 * Leaves callers who take nothing of what waits for them for so many milliseconds, as nginx does (`send_timeout`): what
 * they leave lying is memory that others wait for. An answer that its service is silent in is no reason.
 */
export function leaveStalledCallers(app: FastifyInstance, timeout: number, handshakeOf: HandshakeOf): void {
  app.addHook('onRequest', (request, { raw: answer }, done) => {
    // A WebSocket keeps its connection, and looks after its readers itself.
    if (!handshakeOf(request.raw))
      answer.setTimeout(timeout, () => {
        if (answer.writableLength > 0) answer.destroy();
      });
    done();
  });
}
