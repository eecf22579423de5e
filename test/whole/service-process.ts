import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment } from '@smart-ai-hub/shared/service';

export type ServiceName = 'auth-service' | 'core-service' | 'mcp-server' | 'api-gateway';

export type LogLine = Record<string, unknown>;

/** A service as a process of its own, from what was built. */
export interface ServiceProcess {
  service: ServiceName;
  pid: number;
  url: string;
  /** Its log so far. */
  lines: LogLine[];
  /** Whatever it said that is no log line; empty where all is well. */
  noise: () => string;
  /** Ends it by this signal; resolves to its exit code, which a killed process has none of. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

const PORT_OF: Record<ServiceName, string> = {
  'auth-service': 'AUTH_PORT',
  'core-service': 'CORE_PORT',
  'mcp-server': 'MCP_PORT',
  'api-gateway': 'GATEWAY_PORT',
};

const mainOf = (service: ServiceName) =>
  fileURLToPath(new URL(`../../packages/${service}/dist/main.js`, import.meta.url));

/** Starts the service on this port with this environment and nothing of ours; resolves once it listens. */
export async function startService(
  service: ServiceName,
  port: number,
  env: Record<string, string>,
): Promise<ServiceProcess> {
  const { PATH = '' } = environment();
  const child = spawn(process.execPath, [mainOf(service)], {
    cwd: tmpdir(),
    env: { PATH, ...env, [PORT_OF[service]]: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const noise: string[] = [];
  const listening = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLine(text);
      if (line) lines.push(line);
      else noise.push(text);
      if (line?.['message'] === 'listening') resolve();
    });
    createInterface({ input: child.stderr }).on('line', (text) => noise.push(text));
    child.once('close', () => {
      reject(new Error(`${service} ended: ${noise.join('\n')} ${JSON.stringify(lines.at(-1))}`));
    });
  });
  await listening;
  return {
    service,
    lines,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    noise: () => noise.join('\n'),
    end: (signal) => endProcess(child, signal),
  };
}

/** Resident, in MiB; Linux alone says it so (proc_pid_status(5)). */
export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }
  return child.exitCode;
}

function parseLine(text: string): LogLine | undefined {
  if (!text.startsWith('{')) return undefined;
  const line: LogLine = JSON.parse(text);
  return line;
}
