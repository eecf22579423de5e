import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '@smart-ai-hub/shared/service';

/** What was built: the program as people start it. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Milliseconds that a program may take to end in order. */
const PATIENCE = 20_000;

/** A folder of one test's own, that PostgreSQL may enter too when it runs as another user. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'hub-standalone-'));
  chmodSync(path, 0o755);
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export interface Program extends AsyncDisposable {
  pid: number;
  /** Resolves to the address once the program says that it is ready; rejects when it ends before. */
  ready: Promise<string>;
  /** Resolves to the exit code and what was said, however the program ended. */
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  stop: (signal: NodeJS.Signals) => Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Starts the compiled program on this folder, with this environment and nothing of ours. */
export function startProgram(dataDir: string, env: Record<string, string> = {}): Program {
  const { PATH = '' } = environment();
  const child = spawn(process.execPath, [MAIN], {
    cwd: tmpdir(),
    env: { PATH, HUB_DATA_DIR: dataDir, GATEWAY_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const exited = once(child, 'close');
  const ended = exited.then(() => ({ code: child.exitCode, stdout, stderr }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const url = /ready: (\S+)/.exec(stdout)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    void ended.then(() => {
      reject(new Error(`the program ended: ${stdout}${stderr}`));
    });
  });
  ready.catch(() => undefined); // a test that expects no start does not wait for it
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    pid: child.pid ?? 0,
    ...{ ready, ended, stop },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      AbortSignal.timeout(PATIENCE).addEventListener('abort', () => child.kill('SIGKILL'));
      await ended;
    },
  };
}
