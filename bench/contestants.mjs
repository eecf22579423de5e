import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDatabase, startEmbeddedPostgres } from '../packages/database/dist/embedded.js';
import { migrate } from '../packages/database/dist/migrate.js';
import { freePort } from '../packages/shared/dist/testing/ports.js';
import { start } from './processes.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** As `npm start`, the images and PM2 start it. */
const program = (service) => ['--v8-pool-size=1', here(`../packages/${service}/dist/main.js`)];

/** Limits are counted and never reached; the balance lasts for the run. */
const SETTINGS = {
  NODE_ENV: 'production',
  LOG_LEVEL: 'warn',
  RATE_LIMITS: JSON.stringify({ user: [1e9, 1e9, 1e9] }),
  SIGNUP_CREDIT_MICRO: String(1e15),
};

const providers = (upstream) =>
  JSON.stringify([
    {
      ...{ name: 'bench', baseUrl: `${upstream}/v1`, apiKey: 'x', models: ['gpt-4o-mini'] },
      maxConcurrent: 10_000,
    },
  ]);

/** The provider by itself: what everything else is measured against. */
export async function theUpstream() {
  const { message, pid, stop } = await start(process.execPath, [here('upstream.mjs')]);
  return {
    name: 'the upstream itself',
    url: `http://127.0.0.1:${message.port}`,
    pids: { upstream: pid },
    stop,
  };
}

export async function passThrough(upstream) {
  const { message, pid, stop } = await start(process.execPath, [here('pass-through.mjs'), upstream]);
  const url = `http://127.0.0.1:${message.port}`;
  return { name: 'bare Fastify + undici', url, pids: { 'pass-through': pid }, stop };
}

/** The whole platform in one process: authentication, limits, reservation, usage row and settlement on. */
export async function standalone(upstream, settings = {}) {
  const folder = temporaryFolder();
  const port = await freePort();
  const env = {
    ...SETTINGS,
    PROVIDERS: providers(upstream),
    HUB_DATA_DIR: join(folder, 'data'),
    GATEWAY_PORT: port,
    ...settings,
  };
  const hub = await start(process.execPath, program('standalone'), { env, ready: /is ready/ });
  const stop = async () => {
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return withKey({
    name: 'Smart AI Hub, one process',
    url: `http://127.0.0.1:${port}`,
    pids: { hub: hub.pid },
    setupToken: /#token=([\w-]+)/.exec(hub.message)?.[1],
    stop,
  });
}

/** The same as four processes over PostgreSQL and Redis. */
export async function separate(upstream) {
  const hub = await processes({ PROVIDERS: providers(upstream) });
  return withKey({ ...hub, name: 'Smart AI Hub, four processes', url: hub.gateways[0] });
}

/** Every service as a process over PostgreSQL and Redis; the gateway as many times as wished. */
export async function processes(settings = {}, gatewayCount = 1) {
  const folder = temporaryFolder();
  const postgres = await startEmbeddedPostgres({
    directory: join(folder, 'data'),
    password: 'owner-of-this-run',
  });
  await ensureDatabase(postgres, 'hub');
  await migrate({
    url: postgres.url('hub'),
    passwords: { auth: 'auth-of-this-run', core: 'core-of-this-run' },
  });
  const [redisPort, ...ports] = await Promise.all(Array.from({ length: 4 + gatewayCount }, freePort));
  const redis = await start('redis-server', ['--port', redisPort, '--save', '', '--bind', '127.0.0.1'], {
    ready: /Ready to accept/,
  });
  const env = {
    ...SETTINGS,
    ...addresses(ports),
    ...secrets(postgres, redisPort),
    ...settings,
  };
  const gateways = ports.slice(3);
  const programs = [
    ...['core-service', 'auth-service', 'mcp-server'].map((name) => ({ name, env })),
    ...gateways.map((port) => ({ name: 'api-gateway', env: { ...env, GATEWAY_PORT: port } })),
  ];
  const services = [];
  for (const { name, env: own } of programs)
    services.push(await start(process.execPath, program(name), { env: own, ready: /listening/ }));
  const stop = async () => {
    for (const service of services.toReversed()) await service.stop();
    await redis.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const pids = Object.fromEntries(programs.map(({ name }, i) => [name, services[i].pid]));
  return {
    env,
    pids,
    stop,
    ownerUrl: postgres.url('hub'),
    gateways: gateways.map((port) => `http://127.0.0.1:${port}`),
  };
}

const addresses = ([auth, core, mcp]) => ({
  LOG_LEVEL: 'info', // a service says that it listens; requests are logged by the gateway, which is part of the way
  AUTH_PORT: auth,
  CORE_PORT: core,
  MCP_PORT: mcp,
  AUTH_URL: `http://127.0.0.1:${auth}`,
  CORE_URL: `http://127.0.0.1:${core}`,
  MCP_URL: `http://127.0.0.1:${mcp}`,
});

const secrets = (postgres, redisPort) => ({
  SERVICE_TOKEN: 'Zt3vK8qW1xN6mB9rL2pD5sF7gH4jC0yA',
  SIGNING_SEED: Buffer.alloc(32, 'bench').toString('base64url'),
  SEALING_KEY: Buffer.alloc(32, 'sealed').toString('base64url'),
  AUTH_DATABASE_URL: `postgres://hub_auth:auth-of-this-run@127.0.0.1:${postgres.port}/hub`,
  CORE_DATABASE_URL: `postgres://hub_core:core-of-this-run@127.0.0.1:${postgres.port}/hub`,
  REDIS_URL: `redis://127.0.0.1:${redisPort}`,
});

/** Another gateway, which does none of what ours does: no keys, limits, reservation or usage rows. */
export async function portkey(upstream) {
  const folder = here('portkey');
  if (!existsSync(join(folder, 'node_modules'))) {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
      cwd: folder,
    });
  }
  const port = await freePort();
  const server = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const { pid, stop } = await start(process.execPath, [server, `--port=${port}`, '--headless'], {
    ready: /ready|running|localhost/i,
  });
  const headers = {
    authorization: 'Bearer x',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
  };
  return { name: 'Portkey 1.15.2', url: `http://127.0.0.1:${port}`, pids: { portkey: pid }, headers, stop };
}

/** A person with a balance and a key, made as anybody would. */
async function withKey(contestant) {
  const post = async (path, body, token) => {
    const answer = await fetch(contestant.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return answer.json();
  };
  const account = {
    email: 'bench@test.example',
    password: 'a long and unusual passphrase',
    delivery: 'body',
  };
  const { accessToken } = await post('/api/v1/auth/register', account);
  const { key } = await post('/api/v1/keys', { name: 'bench' }, accessToken);
  return { ...contestant, headers: { authorization: `Bearer ${key}` } };
}

export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where the benchmark runs as root
  return folder;
}
