import type { McpSecret, OpenedMcpServer, OpenedTransport } from '@smart-ai-hub/shared/contracts';
import { Secret } from '@smart-ai-hub/shared/service';
import type { UpstreamSettings, UpstreamTransport } from './upstream.ts';

const MIB = 2 ** 20;
/** Milliseconds that a server has to begin. */
const START = 30_000;
/** Milliseconds, conversations and calls at once, of those for which nobody says it. */
const IDLE = 300_000;
const SESSIONS = 1_000;
const CALLS = 64;
/** Processes of one child, and milliseconds that it has to end by itself. */
const PROCESSES = 64;
const GRACE = 2_000;

/** How a server that is kept is asked. */
export function settingsOf(
  server: Pick<OpenedMcpServer, 'id' | 'name' | 'era' | 'perPerson' | 'timeoutMs' | 'maxResultBytes'> & {
    transport: OpenedTransport;
  },
  { breakerPercent }: Pick<UpstreamSettings, 'breakerPercent'>,
): UpstreamSettings {
  const { id, name, era, perPerson, timeoutMs, maxResultBytes, transport } = server;
  const isChild = transport.type === 'stdio';
  return {
    ...{ id, name, era, perPerson, maxResultBytes, breakerPercent, timeout: timeoutMs },
    transport: transportOf(transport),
    startTimeout: Math.min(START, timeoutMs),
    idleTimeout: isChild ? transport.idleSeconds * 1000 : IDLE,
    maxSessions: isChild ? transport.maxChildren : SESSIONS,
    maxConcurrent: CALLS,
  };
}

function transportOf(transport: OpenedTransport): UpstreamTransport {
  if (transport.type === 'http') {
    const { url, mayBeLocal, headers } = transport;
    return { kind: 'http', url, mayBeLocal, headers: hidden(headers) };
  }
  const { command, args, env, maxMemoryMb } = transport;
  const limits = { memory: maxMemoryMb * MIB, processes: PROCESSES, grace: GRACE };
  return { kind: 'stdio', command, args, env: hidden(env), limits };
}

const hidden = (secrets: readonly McpSecret[]): Record<string, Secret> =>
  Object.fromEntries(secrets.map(({ name, value }) => [name, new Secret(value)]));
