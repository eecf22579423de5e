import type { IncomingHttpHeaders } from 'node:http';
import type {
  OUTPUT_LIMIT_FIELDS,
  ProviderFormat,
  ProviderHealth,
  ProviderModel,
} from '@smart-ai-hub/shared/contracts';
import type { Queue } from './queue.ts';

/** A request in the format of its provider, capped and ready to send; some name model and stream in the address. */
export type ChatBody = Record<string, unknown> & { stream?: boolean | null | undefined };

export interface ProviderAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Bytes as they come; ends early with an error when the provider breaks off. */
  body: AsyncIterable<Uint8Array>;
  /** Cuts the connection; the body ends. */
  cancel: () => void;
}

/** Rejects with `provider-failed` or `provider-timeout` when there is no answer at all. */
export type AskProvider = (
  body: ChatBody,
  signal: AbortSignal,
  headers?: Record<string, string>,
) => Promise<ProviderAnswer>;

/** Somebody who answers requests in the format that is said. */
export interface Provider {
  name: string;
  format: ProviderFormat;
  outputLimitField: (typeof OUTPUT_LIMIT_FIELDS)[number];
  /** Plain or as server-sent events. */
  chat: AskProvider;
  /** Where its format has embeddings. */
  embedding?: AskProvider;
  /** Where its format has images, plain or as server-sent events. */
  image?: AskProvider;
  /** Runs a whole call, from the question to the end of its answer, when there is a place for it. */
  admit: Queue;
  /** An answer that had begun well was none in the end. */
  brokeOff: () => void;
  /** It failed again and again, and is not asked for a moment. */
  isLeftAlone: () => boolean;
}

/** What a provider can be asked for. */
export type Service = 'chat' | 'embedding' | 'image';

/** A provider over connections of its own. */
export interface Vendor extends Provider {
  health: () => ProviderHealth;
  /** Lets calls end that are under way, and takes no others. */
  retire: () => Promise<void>;
  /** Cuts every call. */
  close: () => Promise<void>;
}

/** A provider, and what it is asked for. */
export interface Source<P extends Provider = Provider> {
  provider: P;
  models: readonly ProviderModel[];
}

/** A provider that has a model, and what the model is called there. */
export interface Offer {
  provider: Provider;
  upstreamId: string;
  /** What the model can do there, where somebody has said so. */
  capabilities: NonNullable<ProviderModel['capabilities']>;
  /** Tokens in and out together, where somebody has said so. */
  contextTokens?: number | undefined;
}

export interface Model {
  id: string;
  /** Of a request that sets no limit itself. */
  maxOutputTokens: number;
  openToGuests: boolean;
  /** In the order in which they are asked; at least one. */
  offers: readonly Offer[];
}
