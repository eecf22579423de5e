import type { LookupFunction } from 'node:net';
import {
  maxConcurrent,
  outputLimitField,
  PROVIDER_FORMATS,
  providerModel,
  providerName,
} from '@smart-ai-hub/shared/contracts';
import { commonSettings, fields, rateLimits, setting, Secret } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

const id = z.string().min(1).max(200);
const modelEntry = z.union([
  id.transform((name) => ({ id: name })),
  providerModel.extend({ id, upstreamId: id.optional() }),
]);

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

/** A vendor's endpoint, in OpenAI's format unless it says otherwise. */
const provider = z
  .strictObject({
    name: providerName,
    format: z.enum(PROVIDER_FORMATS).default('openai'),
    baseUrl: fields.url,
    apiKey: secret.optional(),
    /** Several keys, used in turn. */
    apiKeys: z.array(secret).min(1).max(100).optional(),
    models: z.array(modelEntry).min(1),
    outputLimitField: outputLimitField.default('max_tokens'),
    maxConcurrent: maxConcurrent.default(256),
  })
  .transform(({ apiKey, apiKeys, ...settings }) => ({
    ...settings,
    apiKeys: apiKeys ?? (apiKey ? [apiKey] : []),
  }));

/** A provider as it is asked, whoever named it. */
export type ProviderConfig = z.output<typeof provider> & {
  /** How its name is looked up, where a person may have chosen it; the system's way by default. */
  lookup?: LookupFunction;
};

const origins = fields.list.pipe(z.array(z.url({ protocol: /^https?$/ }))).default([]);

const milliseconds = (fallback: number) => z.coerce.number().int().min(50).max(3_600_000).default(fallback);

export const settings = {
  ...commonSettings,
  port: setting('MCP_PORT', fields.port.default(3003), 'Port of mcp-server'),
  authUrl: setting('AUTH_URL', fields.url.default('http://127.0.0.1:3001'), 'Where auth-service answers'),
  coreUrl: setting('CORE_URL', fields.url.default('http://127.0.0.1:3002'), 'Where core-service answers'),
  publicUrl: setting(
    'PUBLIC_URL',
    fields.url.default('http://127.0.0.1:3000'),
    'Address that people open; https makes cookies secure',
  ),
  providers: setting(
    'PROVIDERS',
    fields.json(z.array(provider)).default([]),
    'AI providers as JSON: [{"name","baseUrl","apiKey","models":["gpt-4o-mini"]}]; "format":"anthropic" or "gemini" for theirs',
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
  connectTimeout: setting(
    'PROVIDER_CONNECT_MS',
    milliseconds(5_000),
    'Milliseconds to connect to a provider',
  ),
  firstByteTimeout: setting(
    'PROVIDER_FIRST_BYTE_MS',
    milliseconds(30_000),
    'Milliseconds until a stream must begin',
  ),
  idleTimeout: setting(
    'PROVIDER_IDLE_MS',
    milliseconds(30_000),
    'Milliseconds between two parts of a stream',
  ),
  answerTimeout: setting(
    'PROVIDER_ANSWER_MS',
    milliseconds(300_000),
    'Milliseconds for an answer that is not a stream',
  ),
  queueTimeout: setting(
    'PROVIDER_QUEUE_MS',
    milliseconds(5_000),
    'Milliseconds that a call waits in line for a provider that has as many as it takes',
  ),
  breakerPercent: setting(
    'PROVIDER_BREAKER_PERCENT',
    z.coerce.number().int().min(0).max(100).default(50),
    'Share of failed calls in 30 s from which on a provider is left alone for 30 s; 0 is never',
  ),
  retries: setting(
    'PROVIDER_RETRIES',
    z.coerce.number().int().min(0).max(10).default(3),
    'How often a call is tried again after every provider of its model failed',
  ),
  retryPause: setting(
    'PROVIDER_RETRY_MS',
    milliseconds(1_000),
    'Milliseconds before the first of these; each further one waits twice as long',
  ),
  rateLimits,
  pingInterval: setting(
    'WEBSOCKET_PING_MS',
    milliseconds(30_000),
    'Milliseconds between two pings of a WebSocket; one that gave no sign since the last is ended',
  ),
  socketsPerPerson: setting(
    'WEBSOCKET_PER_PERSON',
    z.coerce.number().int().min(1).max(100_000).default(100),
    'WebSockets that one person may have open at once with a process of mcp-server',
  ),
  drainTimeout: setting(
    'PROVIDER_DRAIN_MS',
    milliseconds(1_000),
    'Milliseconds to wait for the usage of a call whose caller went away',
  ),
  answerCacheSeconds: setting(
    'ANSWER_CACHE_SECONDS',
    z.coerce.number().int().min(0).max(86_400).default(3_600),
    'Seconds that the answers of keys are kept whose owners want it; 0 is never',
  ),
};
