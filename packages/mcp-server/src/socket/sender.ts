import type { SocketAnswer } from '@smart-ai-hub/shared/contracts';
import { WebSocket } from 'ws';

/** Bytes that may wait for a slow reader; from then on whoever writes waits too. */
const ROOM = 64 * 1024;

/** Resolves when there is room for more. Nothing is written to a client who went away. */
export type Send = (answer: SocketAnswer) => Promise<void>;

export const openSender =
  (socket: WebSocket): Send =>
  async (answer) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const text = JSON.stringify(answer);
    if (socket.bufferedAmount < ROOM) {
      socket.send(text);
      return;
    }
    await new Promise<void>((resolve) => {
      socket.send(text, () => {
        resolve(); // also when the socket closed before
      });
    });
  };
