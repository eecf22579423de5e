import { z } from 'zod';
import { id, isUnique, nothing, timestamp, TWICE } from './fields.ts';
import { PROBLEM_CODES } from './problems.ts';
import { defineContract } from './route.ts';

/** Whose format a provider speaks: OpenAI's chat completions, Anthropic's messages, or Google's Gemini API. */
export const PROVIDER_FORMATS = ['openai', 'anthropic', 'gemini'] as const;
export type ProviderFormat = (typeof PROVIDER_FORMATS)[number];

/** Newer OpenAI models know only `max_completion_tokens`; most others only `max_tokens`. */
export const OUTPUT_LIMIT_FIELDS = ['max_tokens', 'max_completion_tokens'] as const;

/** What a model can do, where somebody has said so. */
export const MODEL_CAPABILITIES = ['vision', 'tools', 'json', 'reasoning', 'embeddings', 'images'] as const;
export type ModelCapability = (typeof MODEL_CAPABILITIES)[number];

const modelId = z.string().regex(/^[\w./:@+-]{1,200}$/, 'is no id of a model');
const tokens = z.int().min(1).max(10_000_000);

export const providerModel = z.strictObject({
  /** As callers name it. */
  id: modelId,
  /** What the provider calls it, where that differs. */
  upstreamId: modelId.optional(),
  /** Bounds the answer of a request that sets no limit itself. */
  maxOutputTokens: tokens.optional(),
  /** Tokens in and out together. */
  contextTokens: tokens.optional(),
  /** Whoever has no more than the role guest may use it too. */
  openToGuests: z.boolean().optional(),
  capabilities: z.partialRecord(z.enum(MODEL_CAPABILITIES), z.boolean()).optional(),
});
export type ProviderModel = z.output<typeof providerModel>;

export const providerName = z
  .string()
  .regex(/^[\w-]{1,40}$/, 'is no name of 1 to 40 letters, digits, - and _');
export const outputLimitField = z.enum(OUTPUT_LIMIT_FIELDS);
/** Requests at once; what is over waits. */
export const maxConcurrent = z.int().min(1).max(10_000);

/** What is no address at all is refused before. */
function isOriginAndPath(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === '';
}

/** It holds no credential, since addresses are shown and logged. */
const baseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine(isOriginAndPath, 'holds more than an origin and a path')
  .transform((text) => text.replace(/\/+$/, ''));

/** It travels in a header, and so has no blank and nothing beyond ASCII. */
const apiKey = z.string().regex(/^[\x21-\x7e]{1,1000}$/, 'is no key');
const apiKeys = z.array(apiKey).max(10).refine(isUnique, TWICE);
const models = z
  .array(providerModel)
  .min(1)
  .max(500)
  .refine((list) => isUnique(list.map((model) => model.id)), TWICE);

const settings = {
  name: providerName,
  format: z.enum(PROVIDER_FORMATS),
  baseUrl,
  models,
  outputLimitField,
  maxConcurrent,
  active: z.boolean(),
};

const provider = z.object({
  ...settings,
  id,
  baseUrl: z.string(),
  /** How each key ends, in the order in which they were given; nothing of one that is short. */
  keyEndings: z.array(z.string()),
  /** False where they were sealed with another SEALING_KEY: until they are given anew, the provider is not asked. */
  keysReadable: z.boolean(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type KeptProvider = z.output<typeof provider>;

/** A provider that the environment names, as it is shown. */
const environmentProvider = z.object({
  ...settings,
  baseUrl: z.string(),
  models: z.array(providerModel.extend({ id: z.string(), upstreamId: z.string().optional() })),
  active: z.literal(true),
  keyCount: z.int(),
});
export type EnvironmentProvider = z.output<typeof environmentProvider>;

const count = z.int().min(0);

/** How a provider answers. */
const providerHealth = z.object({
  name: z.string(),
  format: settings.format,
  /** `unasked`: nobody has called it yet. `resting`: it failed often, and is left alone for 30 seconds. */
  state: z.enum(['unasked', 'up', 'down', 'resting']),
  /** When it last changed from answering to failing, or back. */
  since: timestamp.nullable(),
  /** Calls that ended in the last 30 seconds, and how many of them the provider failed. */
  calls: count,
  failed: count,
  /** Calls under way, and in line for a place among `maxConcurrent`. */
  running: count,
  waiting: count,
  maxConcurrent,
  /** API keys, and those that were refused or asked to slow down and rest for a while. */
  keys: count,
  restingKeys: count,
  /** Milliseconds until an answer begins: the median of the last 20. */
  answersInMs: count.nullable(),
  lastFailure: z.object({ code: z.enum(PROBLEM_CODES), at: timestamp }).nullable(),
});
export type ProviderHealth = z.output<typeof providerHealth>;

/** A server of models that nobody has added yet. */
const localProvider = z.object({ baseUrl: z.string(), models: z.array(z.string()) });
export type LocalProvider = z.output<typeof localProvider>;

/** A provider with its keys, as the service that asks it needs it. */
export const openedProvider = z.object({
  ...settings,
  id,
  baseUrl: z.string(),
  apiKeys: z.array(z.string()),
  /** An administrator allowed its origin to be local, or to speak http. */
  mayBeLocal: z.boolean(),
});
export type OpenedProvider = z.output<typeof openedProvider>;

/** What every process hears when providers have changed. */
export const PROVIDERS_CHANGED = 'providers:all';

const list = z.object({ items: z.array(provider) });
const params = z.strictObject({ providerId: id });
const check = z.boolean().default(true);

/** What asking a provider for its models can come to. */
const CHECK_PROBLEMS = [
  'egress-refused',
  'egress-failed',
  'provider-key-refused',
  'provider-not-understood',
] as const;

/** Providers kept in the database; those of the environment come before them. Keys are given, and never answered. */
export const providersContract = defineContract({
  listProviders: {
    method: 'GET',
    path: '/api/v1/providers',
    summary: 'AI providers kept here, in the order in which they are asked',
    access: 'services:configure',
    success: { status: 200, schema: list },
    problems: [],
  },
  createProvider: {
    method: 'POST',
    path: '/api/v1/providers',
    summary: 'Add a provider behind the others; it is asked for its models first, unless `check` is false',
    access: 'services:configure',
    stepUp: true,
    body: z.strictObject({
      ...settings,
      format: settings.format.default('openai'),
      apiKeys: apiKeys.default([]),
      outputLimitField: outputLimitField.default('max_tokens'),
      maxConcurrent: maxConcurrent.default(256),
      active: z.boolean().default(true),
      check,
    }),
    success: { status: 201, schema: provider },
    problems: ['name-taken', ...CHECK_PROBLEMS],
  },
  updateProvider: {
    method: 'PATCH',
    path: '/api/v1/providers/:providerId',
    summary: 'Change what is named; keys are replaced where given, and given anew with another address',
    access: 'services:configure',
    stepUp: true,
    params,
    body: z.strictObject({ ...z.object({ ...settings, apiKeys }).partial().shape, check }),
    success: { status: 200, schema: provider },
    problems: ['not-found', 'name-taken', ...CHECK_PROBLEMS],
  },
  deleteProvider: {
    method: 'DELETE',
    path: '/api/v1/providers/:providerId',
    summary: 'Forget a provider and its keys; calls that are under way end as they would',
    access: 'services:configure',
    stepUp: true,
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  reorderProviders: {
    method: 'PUT',
    path: '/api/v1/providers/order',
    summary: 'Ask these first, in this order; whoever is not named comes after them as before',
    access: 'services:configure',
    stepUp: true,
    body: z.strictObject({ ids: z.array(id).min(1).max(500).refine(isUnique, TWICE) }),
    success: { status: 200, schema: list },
    problems: ['not-found'],
  },
  checkProvider: {
    method: 'POST',
    path: '/api/v1/providers/check',
    summary:
      'Ask a provider for its models, by each key; of one that is kept here, by its own where none is given',
    access: 'services:configure',
    stepUp: true,
    body: z.strictObject({
      format: settings.format.default('openai'),
      baseUrl,
      apiKeys: apiKeys.optional(),
      providerId: id.optional(),
    }),
    success: { status: 200, schema: z.object({ models: z.array(z.string()) }) },
    problems: ['not-found', ...CHECK_PROBLEMS],
  },
  findLocalProviders: {
    method: 'GET',
    path: '/api/v1/providers/local',
    summary:
      'Servers of models that answer at origins which may be local, under /v1, and are not kept here yet',
    access: 'services:configure',
    success: { status: 200, schema: z.object({ items: z.array(localProvider) }) },
    problems: [],
  },
});

/** Answered by the service that asks them. */
export const askedProvidersContract = defineContract({
  listEnvironmentProviders: {
    method: 'GET',
    path: '/api/v1/providers/environment',
    summary: 'AI providers that the environment names, which are asked first',
    access: 'services:configure',
    success: { status: 200, schema: z.object({ items: z.array(environmentProvider) }) },
    problems: [],
  },
  listProviderHealth: {
    method: 'GET',
    path: '/api/v1/providers/health',
    summary:
      'How providers answer, in the order in which they are asked, as seen by the process that answers',
    access: 'services:read',
    success: { status: 200, schema: z.object({ items: z.array(providerHealth) }) },
    problems: [],
  },
});

export type NewProvider = z.output<typeof providersContract.createProvider.body>;
export type ProviderChange = z.output<typeof providersContract.updateProvider.body>;
