import { commonSettings, fields, setting, Secret } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

const modelEntry = z.union([
  z
    .string()
    .min(1)
    .transform((id) => ({ id })),
  z.strictObject({
    id: z.string().min(1).max(200),
    /** What the provider calls it, where that differs. */
    upstreamId: z.string().min(1).max(200).optional(),
    /** Bounds the answer of a request that sets no limit itself. */
    maxOutputTokens: z.int().min(1).max(10_000_000).optional(),
    /** Whoever has no more than the role guest may use it too. */
    openToGuests: z.boolean().optional(),
  }),
]);

/** A vendor's endpoint in OpenAI's format. */
const provider = z.strictObject({
  name: z.string().regex(/^[\w-]{1,40}$/),
  baseUrl: fields.url,
  apiKey: z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .optional(),
  models: z.array(modelEntry).min(1),
  /** Newer OpenAI models know only `max_completion_tokens`; most others only `max_tokens`. */
  outputLimitField: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
});
export type ProviderConfig = z.output<typeof provider>;

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
    'AI providers in OpenAI format as JSON: [{"name","baseUrl","apiKey","models":["gpt-4o-mini"]}]',
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
  drainTimeout: setting(
    'PROVIDER_DRAIN_MS',
    milliseconds(1_000),
    'Milliseconds to wait for the usage of a call whose caller went away',
  ),
};
