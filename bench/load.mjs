import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('chat.lua', import.meta.url));

const milliseconds = (text) => {
  const [, number, unit] = /([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
};

/** Sends chat requests over `connections` kept connections for `seconds`; answers rate, latencies in ms and errors. */
export async function load({
  url,
  path = '/v1/chat/completions',
  headers = {},
  stream = false,
  connections,
  seconds,
}) {
  const env = {
    ...process.env,
    BENCH_HEADERS: Object.entries(headers)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
    ...(stream && { BENCH_STREAM: '1' }),
  };
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '30s', '-s', SCRIPT];
  const { stdout } = await run('wrk', [...args, url + path], { env });
  const number = (pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const [, connect, read, write, timeout] =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout) ?? [];
  const socketErrors = [connect, read, write, timeout].reduce((sum, count) => sum + Number(count ?? 0), 0);
  return {
    rate: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(stdout)?.[1]),
    p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(stdout)?.[1]),
    errors: number(/Non-2xx or 3xx responses: (\d+)/) + socketErrors,
  };
}
