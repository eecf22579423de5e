import type { IncomingHttpHeaders } from 'node:http';
import type { Handshake } from '@smart-ai-hub/shared/service';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A service behind the gateway, over HTTP or in this process. */
export interface Upstream {
  name: string;
  /** Sends the request on with these headers and streams the answer back; rejects only before an answer began. */
  forward: (request: FastifyRequest, reply: FastifyReply, headers: IncomingHttpHeaders) => Promise<void>;
  /** Hands a WebSocket handshake on: the socket is the service's if it agrees, its refusal is answered if not. */
  upgrade: (
    request: FastifyRequest,
    reply: FastifyReply,
    headers: IncomingHttpHeaders,
    handshake: Handshake,
  ) => Promise<void>;
  /** Rejects when the service does not answer. */
  probe: () => Promise<void>;
  close: () => Promise<unknown>;
}

export type ServiceName = 'auth-service' | 'core-service' | 'mcp-server';

export interface Way {
  prefix: `/${string}`;
  service: ServiceName;
  /** Only these hear cookies. */
  cookies?: boolean;
  /** For people at this very machine: to everybody else there is nothing, and nginx does not know it. */
  local?: boolean;
  /** Nobody gets past the gateway without a credential: MCP clients learn by that refusal where to get one. */
  closed?: boolean;
  /** Pages of other sites may not call it, whoever's browser they are in. */
  ownPages?: boolean;
  /** WebSockets: a page, which can set no header there, shows its credential as a sub-protocol. */
  socket?: boolean;
}

/** The one table of who answers what. `/internal` is not in it, and so cannot be reached from outside. */
export const WAYS: readonly Way[] = [
  { prefix: '/api/v1/auth', service: 'auth-service', cookies: true },
  { prefix: '/api/v1/keys', service: 'auth-service' },
  { prefix: '/api/v1/users', service: 'auth-service' },
  { prefix: '/api/v1/teams', service: 'auth-service' },
  { prefix: '/oauth', service: 'auth-service', cookies: true },
  { prefix: '/.well-known', service: 'auth-service' },
  { prefix: '/dev/mail', service: 'auth-service', local: true },
  { prefix: '/api/v1/roles', service: 'core-service' },
  { prefix: '/api/v1/permissions', service: 'core-service' },
  { prefix: '/api/v1/access', service: 'core-service' },
  { prefix: '/api/v1/admin/audit', service: 'core-service' },
  { prefix: '/api/v1/conversations', service: 'core-service' },
  { prefix: '/api/v1/credits', service: 'core-service' },
  { prefix: '/api/v1/promo-codes', service: 'core-service' },
  { prefix: '/api/v1/usage', service: 'core-service' },
  { prefix: '/api/v1/prices', service: 'core-service' },
  { prefix: '/api/v1/webhooks', service: 'core-service' },
  { prefix: '/api/v1/providers/environment', service: 'mcp-server' },
  { prefix: '/api/v1/providers/health', service: 'mcp-server' },
  { prefix: '/api/v1/providers', service: 'core-service' },
  { prefix: '/api/v1/mcp-servers/check', service: 'mcp-server' },
  { prefix: '/api/v1/mcp-servers/health', service: 'mcp-server' },
  { prefix: '/api/v1/mcp-servers/:serverId/refresh', service: 'mcp-server' },
  { prefix: '/api/v1/mcp-servers', service: 'core-service' },
  { prefix: '/api/v1/mcp-profiles', service: 'core-service' },
  { prefix: '/v1', service: 'mcp-server' },
  { prefix: '/mcp', service: 'mcp-server', closed: true, ownPages: true },
  { prefix: '/ws', service: 'mcp-server', ownPages: true, socket: true },
];
