import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/**
 * Asks whether the client is still there, and ends the socket of one that gave no sign since it was last asked. A slow
 * reader gives one by taking what waits for it: its pong waits behind that.
 */
export function openHeartbeat(socket: WebSocket, transport: Socket): () => void {
  let heard = true;
  let waited = false;
  let takenBefore = 0;
  const hear = () => {
    heard = true;
  };
  for (const sign of ['message', 'ping', 'pong'] as const) socket.on(sign, hear);
  return () => {
    const taken = transport.bytesWritten - transport.writableLength;
    const isReading = waited && taken > takenBefore;
    if (!heard && !isReading) {
      socket.terminate();
      return;
    }
    heard = false;
    waited = transport.writableLength > 0;
    takenBefore = taken;
    socket.ping();
  };
}
