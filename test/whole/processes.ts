import { freePort } from '@smart-ai-hub/shared/testing';
import { type ServiceProcess, startService } from './service-process.ts';
import { NO_LIMITS, SECRETS } from './platform.ts';

/** What the processes stand on. */
export interface Ground {
  authUrl: string;
  coreUrl: string;
  redisUrl: string;
}

/** The platform as it runs on servers: each service a process of its own, several lanes of them if wished. */
export interface Processes extends AsyncDisposable {
  auth: ServiceProcess;
  cores: ServiceProcess[];
  mcps: ServiceProcess[];
  gateways: ServiceProcess[];
  all: () => ServiceProcess[];
  /** Starts what was ended again, at its old address. */
  restart: (former: ServiceProcess) => Promise<ServiceProcess>;
}

/**
 * Lane i is gateway i before mcp-server i before a core-service; the last core-service serves the lanes that
 * have none of their own, and auth-service.
 */
export async function startProcesses(
  { authUrl, coreUrl, redisUrl }: Ground,
  {
    lanes = 1,
    cores: coreCount = 1,
    env = {},
  }: { lanes?: number; cores?: number; env?: Record<string, string> } = {},
): Promise<Processes> {
  const ports = (count: number) => Promise.all(Array.from({ length: count }, freePort));
  const [authPort = 0] = await ports(1);
  const [corePorts, mcpPorts, gatewayPorts] = [
    await ports(coreCount),
    await ports(lanes),
    await ports(lanes),
  ];
  const at = (port: number | undefined) => `http://127.0.0.1:${port ?? 0}`;
  const common = {
    ...{ NODE_ENV: 'production', LOG_LEVEL: 'debug', REDIS_URL: redisUrl, ...SECRETS, ...NO_LIMITS },
    ...{ AUTH_DATABASE_URL: authUrl, CORE_DATABASE_URL: coreUrl, DATABASE_POOL_MAX: '5' },
    ...{ AUTH_URL: at(authPort), CORE_URL: at(corePorts.at(-1)), ...env },
  };
  const envOf = new Map<number, Record<string, string>>();
  const start = (service: ServiceProcess['service'], port: number, more: Record<string, string> = {}) => {
    envOf.set(port, { ...common, ...more });
    return startService(service, port, { ...common, ...more });
  };
  const [auth, cores, mcps, gateways] = await Promise.all([
    start('auth-service', authPort),
    Promise.all(corePorts.map((port) => start('core-service', port))),
    Promise.all(
      mcpPorts.map((port, lane) =>
        start('mcp-server', port, { CORE_URL: at(corePorts[lane] ?? corePorts.at(-1)) }),
      ),
    ),
    Promise.all(
      gatewayPorts.map((port, lane) => start('api-gateway', port, { MCP_URL: at(mcpPorts[lane]) })),
    ),
  ]);
  const processes = { auth, cores, mcps, gateways };
  const all = () => [processes.auth, ...processes.cores, ...processes.mcps, ...processes.gateways];
  return {
    ...processes,
    all,
    restart: async (former) => {
      const port = Number(new URL(former.url).port);
      return startService(former.service, port, envOf.get(port) ?? common);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all().map(({ end }) => end('SIGTERM')));
    },
  };
}
