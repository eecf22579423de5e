import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (RFC 6335 §6: 49152; Linux: 32768), above the last one
 * that `fetch` refuses (https://fetch.spec.whatwg.org/#port-blocking: 10080).
 */
const [FIRST, END] = [10_081, 32_768];

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

/** A loopback port that nobody listens on, and that no connection takes before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
}
