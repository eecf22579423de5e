import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../testing/ports.ts';

export interface OwnRedis extends AsyncDisposable {
  url: string;
  /** On the same port as before, and empty. */
  start: () => Promise<void>;
  /** As when its machine is lost. */
  kill: () => Promise<void>;
  /** It still has its connections, and answers nothing until it goes on. */
  freeze: () => void;
  thaw: () => void;
}

/** A real Redis of one test's own, to take away and give back. */
export async function ownRedis(): Promise<OwnRedis> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const chunk of server.stdout ?? []) if (String(chunk).includes('Ready to accept')) return;
    throw new Error('redis-server did not start');
  };
  const kill = async () => {
    const ended = server;
    server = undefined;
    if (ended?.kill('SIGKILL')) await once(ended, 'exit');
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  };
}
