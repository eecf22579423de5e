import { commonSettings, fields, sealingKey, setting } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

const origins = fields.list.pipe(z.array(z.url({ protocol: /^https?$/ }))).default([]);

export const settings = {
  ...commonSettings,
  port: setting('CORE_PORT', fields.port.default(3002), 'Port of core-service'),
  databaseUrl: setting(
    'CORE_DATABASE_URL',
    fields.secretUrl('postgres:', 'postgresql:'),
    'PostgreSQL as hub_core',
  ),
  poolMax: setting(
    'DATABASE_POOL_MAX',
    z.coerce.number().int().min(1).max(100).default(10),
    'Connections that one process may open',
  ),
  poolBudget: setting(
    'DATABASE_POOL_BUDGET',
    z.coerce.number().int().min(1).max(10_000).default(80),
    'Connections that all processes may open together',
  ),
  authUrl: setting('AUTH_URL', fields.url.default('http://127.0.0.1:3001'), 'Where auth-service answers'),
  signupCreditMicro: setting(
    'SIGNUP_CREDIT_MICRO',
    z.coerce.number().int().min(0).max(1e15).default(1_000_000),
    'What a new account starts with, in micro-credits',
  ),
  sealingKey,
  localReceivers: setting(
    'WEBHOOK_LOCAL_ORIGINS',
    origins,
    'Receivers of webhooks that may be local or speak http, as origins, by comma',
  ),
  localProviders: setting(
    'PROVIDER_LOCAL_ORIGINS',
    origins,
    'AI providers kept in the database that may be local or speak http, as origins, by comma',
  ),
  localMcpServers: setting(
    'MCP_LOCAL_ORIGINS',
    origins,
    'MCP servers that may be local or speak http, as origins, by comma',
  ),
  stdioCommands: setting(
    'MCP_STDIO_COMMANDS',
    fields.list.default([]),
    'Programs that an MCP server over stdio may be, as names or absolute paths, by comma; without it none',
  ),
  usageDays: setting(
    'USAGE_DAYS',
    z.coerce.number().int().min(1).max(36_500).default(90),
    'Days for which single calls are kept, by whole months; their sums by the hour stay',
  ),
  conversationDays: setting(
    'CONVERSATION_DAYS',
    z.coerce.number().int().min(1).max(36_500).default(365),
    'Days for which a conversation is kept after its last message',
  ),
  holdSeconds: setting(
    'HOLD_SECONDS',
    z.coerce.number().int().min(5).max(3600).default(900),
    'A hold that nobody ends is released after so many seconds, within a minute',
  ),
};
