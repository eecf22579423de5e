import { randomUUID } from 'node:crypto';
import {
  DomainError,
  isSameTarget,
  type McpEra,
  type McpSecret,
  type McpServerCheck,
  type McpTransport,
  type OpenedTransport,
} from '@smart-ai-hub/shared/contracts';
import type { McpDeps } from '../context.ts';
import { connectUpstream } from './connection.ts';
import { listTools } from './list-tools.ts';
import { settingsOf } from './settings-of.ts';
import { notUnderstood } from './upstream-failure.ts';

interface Asked {
  transport: McpTransport;
  era: McpEra;
  timeoutMs: number;
  serverId?: string | undefined;
}

/** Bytes of an answer to whoever only looks. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Asks a server for its tools before it is saved. Rejects with `not-found`, with `mcp-command-refused` and
 * `egress-refused` for what the hub does not start or call, and as the server fails.
 */
export async function checkServer(deps: McpDeps, asked: Asked): Promise<McpServerCheck> {
  const transport = openedTransport(deps, asked);
  const { era, timeoutMs } = asked;
  const settings = settingsOf(
    { id: randomUUID(), name: 'it', era, timeoutMs, transport, perPerson: false, maxResultBytes: MAX_BYTES },
    { breakerPercent: 0 },
  );
  const connection = await connectUpstream(settings, () => undefined).catch(notUnderstood);
  try {
    const { tools, leftOut } = await listTools(connection, new AbortController().signal).catch(notUnderstood);
    return { protocolVersion: connection.protocolVersion, server: connection.server, tools, leftOut };
  } finally {
    await connection.close();
  }
}

/** With the secrets that are given, or that are kept for the same target. */
function openedTransport(deps: McpDeps, { transport, serverId }: Asked): OpenedTransport {
  const kept = serverId === undefined ? undefined : deps.upstreams.find(serverId);
  if (serverId !== undefined && !kept) throw new DomainError('not-found');
  const secrets =
    kept && isSameTarget(kept.server.transport, transport) ? secretsOf(kept.server.transport) : [];
  if (transport.type === 'http') {
    const { origin } = new URL(transport.url);
    const mayBeLocal = deps.localMcpServers.some((entry) => new URL(entry).origin === origin);
    return { ...transport, headers: transport.headers ?? secrets, mayBeLocal };
  }
  if (!deps.stdioCommands.includes(transport.command)) throw new DomainError('mcp-command-refused');
  return { ...transport, env: transport.env ?? secrets };
}

const secretsOf = (transport: OpenedTransport): McpSecret[] =>
  transport.type === 'http' ? transport.headers : transport.env;
