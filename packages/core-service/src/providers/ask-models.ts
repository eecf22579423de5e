import { DomainError, providerModel, type ProviderFormat } from '@smart-ai-hub/shared/contracts';
import { egress, type EgressAnswer } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** What it takes to ask a provider. */
export interface Connection {
  format: ProviderFormat;
  baseUrl: string;
  apiKeys: readonly string[];
}

interface Listing {
  path: string;
  headers: Record<string, string>;
  /** The ids in an answer. */
  ids: z.ZodType<string[]>;
}

const inData = z
  .object({ data: z.array(z.object({ id: z.string() })) })
  .transform(({ data }) => data.map((model) => model.id));
const inModels = z
  .object({ models: z.array(z.object({ name: z.string() })) })
  .transform(({ models }) => models.map(({ name }) => name.replace(/^models\//, '')));

/** How each format lists models, under the base path; mcp-server asks at the same places. */
const LISTINGS: Record<ProviderFormat, (base: string, key: string | undefined) => Listing> = {
  // https://platform.openai.com/docs/api-reference/models/list
  openai: (base, key) => ({
    path: `${base}/models`,
    headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    ids: inData,
  }),
  // https://platform.claude.com/docs/en/api/models-list
  anthropic: (base, key) => ({
    path: `${base.replace(/\/v1$/, '')}/v1/models?limit=1000`,
    headers: { 'anthropic-version': '2023-06-01', ...(key !== undefined && { 'x-api-key': key }) },
    ids: inData,
  }),
  // https://ai.google.dev/api/models
  gemini: (base, key) => ({
    path: `${base.replace(/\/v1(?:beta)?$/, '')}/v1beta/models?pageSize=1000`,
    headers: { ...(key !== undefined && { 'x-goog-api-key': key }) },
    ids: inModels,
  }),
};

/** Models that are answered, milliseconds for a list, and its bytes: the longest of today has a tenth of them. */
const MOST = 2_000;
const TIMEOUT = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The models that a provider says it has, by name: asked once by each key. Rejects with `egress-refused` for an address
 * that is not to be called, `egress-failed` where it does not answer well, `provider-key-refused`, and
 * `provider-not-understood` for whatever is no such list. Nothing of an answer but its status stands in the reason,
 * since some vendors say keys back.
 */
export async function askModels(connection: Connection, allowed: readonly string[]): Promise<string[]> {
  const { apiKeys } = connection;
  const keys = apiKeys.length > 0 ? apiKeys : [undefined];
  const lists = await Promise.all(keys.map((key, index) => askBy(key, index + 1, connection, allowed)));
  return [...new Set(lists.flat())].toSorted().slice(0, MOST);
}

async function askBy(
  key: string | undefined,
  nth: number,
  { format, baseUrl }: Connection,
  allowed: readonly string[],
): Promise<string[]> {
  const { origin, pathname } = new URL(baseUrl);
  const { path, headers, ids } = LISTINGS[format](pathname.replace(/\/$/, ''), key);
  const answer = await egress(origin + path, {
    headers: { accept: 'application/json', ...headers },
    ...{ allowed, timeout: TIMEOUT, maxBytes: MAX_BYTES, maxRedirects: 0 }, // a key goes nowhere else
  });
  const { status } = answer;
  if (refusesKey(answer)) {
    const detail = key === undefined ? 'it asks for a key' : `it refuses key ${nth}`;
    throw new DomainError('provider-key-refused', { detail });
  }
  if (PASSING.has(status)) throw new DomainError('egress-failed', { detail: `it answered ${status}` });
  const found = ids.safeParse(status === OK ? jsonOf(answer) : undefined);
  if (found.success) return found.data.filter((id) => providerModel.shape.id.safeParse(id).success);
  throw new DomainError('provider-not-understood', {
    detail: `it answered ${status} without a list of models`,
  });
}

const OK = 200;
const REFUSALS = new Set([401, 403]);
/** What another time may answer better. */
const PASSING = new Set([408, 429, 500, 502, 503, 504, 529]);

/** Google says it with the status of any mistake: https://ai.google.dev/gemini-api/docs/troubleshooting. */
const refusesKey = ({ status, body }: EgressAnswer) =>
  REFUSALS.has(status) || (status !== OK && body.includes('API_KEY_INVALID'));

function jsonOf({ body }: EgressAnswer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined; // which is no list
  }
}
