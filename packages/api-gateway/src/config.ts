import { commonSettings, fields, rateLimits, setting } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

export const settings = {
  ...commonSettings,
  port: setting(
    'GATEWAY_PORT',
    fields.port.default(3000),
    'Port of api-gateway: the one address of the platform',
  ),
  authUrl: setting('AUTH_URL', fields.url.default('http://127.0.0.1:3001'), 'Where auth-service answers'),
  coreUrl: setting('CORE_URL', fields.url.default('http://127.0.0.1:3002'), 'Where core-service answers'),
  mcpUrl: setting('MCP_URL', fields.url.default('http://127.0.0.1:3003'), 'Where mcp-server answers'),
  publicUrl: setting(
    'PUBLIC_URL',
    fields.url.default('http://127.0.0.1:3000'),
    'Address that people open; https makes cookies secure',
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    fields.list.default([]),
    'Addresses of the proxies in front, whose X-Forwarded-For is believed, by comma',
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    fields.list.default([]),
    'Origins of other sites whose pages may call, by comma',
  ),
  bodyLimit: setting(
    'BODY_LIMIT_BYTES',
    z.coerce.number().int().min(1024).max(1_073_741_824).default(33_554_432),
    'Largest request body in bytes',
  ),
  stallTimeout: setting(
    'STALL_TIMEOUT_MS',
    z.coerce.number().int().min(100).max(3_600_000).default(60_000),
    'Milliseconds after which a caller is left who takes nothing of an answer that waits for them',
  ),
  rateLimits,
  frontendDir: setting(
    'FRONTEND_DIR',
    z.string().optional(),
    'Folder of the built frontend; nginx serves it where this is not set',
  ),
};
