import type { LookupFunction } from 'node:net';
import type { ProviderFormat } from '@smart-ai-hub/shared/contracts';
import type { Secret } from '@smart-ai-hub/shared/service';
import { Pool } from 'undici';
import type { ProviderConfig } from '../config.ts';
import { createBreaker } from './breaker.ts';
import { createKeyRing } from './key-ring.ts';
import { failureOf, LastingFailure } from './provider-failure.ts';
import type { AskProvider, ChatBody, ProviderAnswer, Source, Vendor } from './provider.ts';
import { openQueue } from './queue.ts';
import { isAboutKey, isForCaller, refusalOf, retryAfterOf } from './refusal.ts';
import { watchHealth } from './watch-health.ts';

/** In milliseconds, where nothing else is said. */
export interface VendorPatience {
  connectTimeout: number;
  firstByteTimeout: number;
  idleTimeout: number;
  answerTimeout: number;
  /** For a place among the calls that are under way. */
  queueTimeout: number;
  /** Of failed calls, from which on it is left alone. */
  breakerPercent: number;
}

/** Where a vendor's endpoint in one format is, under the base address, and how it is shown a key. */
const ENDPOINTS: Record<ProviderFormat, (base: string) => Endpoint> = {
  openai: (base) => ({
    chat: at(`${base}/chat/completions`),
    embedding: at(`${base}/embeddings`),
    image: at(`${base}/images/generations`),
    shown: (key) => (key ? { authorization: `Bearer ${key.reveal()}` } : {}),
  }),
  // https://platform.claude.com/docs/en/api/versioning; the vendor's own base address has no /v1
  anthropic: (base) => ({
    chat: at(`${base.replace(/\/v1$/, '')}/v1/messages`),
    headers: { 'anthropic-version': '2023-06-01' },
    shown: (key) => (key ? { 'x-api-key': key.reveal() } : {}),
  }),
  // https://ai.google.dev/api/generate-content; the key goes into a header, since addresses are logged
  gemini: (base) => {
    const models = `${base.replace(/\/v1(?:beta)?$/, '')}/v1beta/models`;
    const chat: Address = ({ model, stream, ...body }) => ({
      path: `${models}/${String(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body,
    });
    return {
      chat,
      image: chat,
      embedding: ({ model, ...body }) => ({ path: `${models}/${String(model)}:batchEmbedContents`, body }),
      shown: (key) => (key ? { 'x-goog-api-key': key.reveal() } : {}),
    };
  },
};

/** Where a request goes, and what of it travels in its body. */
type Address = (request: ChatBody) => { path: string; body: object };

const at =
  (path: string): Address =>
  (body) => ({ path, body });

interface Endpoint {
  chat: Address;
  embedding?: Address;
  image?: Address;
  /** Where the caller has none of its own. */
  headers?: Record<string, string>;
  /** The headers that a key is shown in. */
  shown: (key: Secret | undefined) => Record<string, string>;
}

const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'user-agent': 'smart-ai-hub',
};

interface Question {
  body: ChatBody;
  signal: AbortSignal;
  /** Headers of the caller. */
  more: Record<string, string>;
  waits: Waits;
}

/** Milliseconds until an answer begins, and between two parts of it. */
interface Waits {
  first: number;
  idle: number;
}

/** Calls that may wait in line, for each one that is under way. */
const WAITING = 4;
/** Seconds that a key rests whose vendor does not say how long. */
const REST = 60;

/** A vendor's endpoint: its keys in turn, so many calls at once, and left alone where it fails. */
export function openVendor(config: ProviderConfig, patience: VendorPatience): Vendor {
  const { name, format, maxConcurrent: places, lookup, apiKeys } = config;
  const base = new URL(config.baseUrl);
  const endpoint = ENDPOINTS[format](base.pathname.replace(/\/$/, ''));
  const connections = connect(base.origin, { name, places, endpoint, patience, lookup });
  const keys = createKeyRing(apiKeys.length > 0 ? apiKeys : [undefined]);
  const breaker = createBreaker(name, { percent: patience.breakerPercent });
  const health = watchHealth();
  const queue = openQueue({ name, places, seats: places * WAITING, patience: patience.queueTimeout });

  /** Tries one key after the other while it is the key that is refused; answers what is for the caller. */
  const ask = async (address: Address, question: Question): Promise<ProviderAnswer> => {
    const turns = keys.inTurn();
    for (const [index, key] of turns.entries()) {
      const answer = await connections.post(address, key, question);
      if (isForCaller(answer)) return answer;
      if (isAboutKey(answer)) keys.rest(key, retryAfterOf(answer) ?? REST);
      if (!isAboutKey(answer) || index === turns.length - 1) throw await refusalOf(answer, name);
      answer.cancel();
    }
    throw new LastingFailure('provider-failed', { detail: `${name} has no key` });
  };

  const { firstByteTimeout, idleTimeout: idle, answerTimeout: whole } = patience;
  const waitsOf = (stream: ChatBody['stream']): Waits => ({ first: stream ? firstByteTimeout : whole, idle });
  /** A picture takes its time, also in a stream of its drafts. */
  const forImages = (): Waits => ({ first: whole, idle: whole });

  const askAt =
    (address: Address, waits = waitsOf): AskProvider =>
    (body, signal, more = {}) =>
      breaker.run(() => health.watch(() => ask(address, { body, signal, more, waits: waits(body.stream) })));

  return {
    ...{ name, format, outputLimitField: config.outputLimitField },
    chat: askAt(endpoint.chat),
    ...(endpoint.embedding && { embedding: askAt(endpoint.embedding) }),
    ...(endpoint.image && { image: askAt(endpoint.image, forImages) }),
    admit: queue,
    brokeOff: () => {
      breaker.brokeOff();
      health.brokeOff();
    },
    isLeftAlone: () => breaker.state() === 'open',
    health: () => ({
      ...{ name, format, ...health.told(), ...breaker.recent(), ...queue.load() },
      ...(breaker.state() === 'open' && { state: 'resting' }),
      ...{ maxConcurrent: places, keys: apiKeys.length, restingKeys: keys.resting() },
    }),
    retire: connections.retire,
    close: connections.close,
  };
}

/** A vendor with the models that it is asked for. */
export const openSource = (config: ProviderConfig, patience: VendorPatience): Source<Vendor> => ({
  provider: openVendor(config, patience),
  models: config.models,
});

interface ConnectOptions {
  name: string;
  places: number;
  endpoint: Endpoint;
  patience: VendorPatience;
  lookup: LookupFunction | undefined;
}

/** Kept connections to one origin. */
function connect(origin: string, { name, places, endpoint, patience, lookup }: ConnectOptions) {
  const pool = new Pool(origin, {
    connections: places,
    pipelining: 1,
    connect: { timeout: patience.connectTimeout, ...(lookup && { lookup }) },
  });
  const { headers, shown } = endpoint;
  return {
    /** One request with one key; rejects with `provider-failed` or `provider-timeout` where nothing comes. */
    post: async (
      address: Address,
      key: Secret | undefined,
      { body: asked, signal, more, waits }: Question,
    ): Promise<ProviderAnswer> => {
      const { path, body } = address(asked);
      try {
        const answer = await pool.request({
          method: 'POST',
          path,
          signal,
          headers: { ...headers, ...more, ...HEADERS, ...shown(key) },
          body: JSON.stringify(body),
          headersTimeout: waits.first,
          bodyTimeout: waits.idle,
        });
        answer.body.on('error', () => undefined); // whoever reads hears it too; after a cancel nobody does
        return {
          status: answer.statusCode,
          headers: answer.headers,
          body: answer.body,
          cancel: () => answer.body.destroy(),
        };
      } catch (error) {
        throw failureOf(error, name);
      }
    },
    retire: () => pool.close(),
    close: () => pool.destroy(),
  };
}
