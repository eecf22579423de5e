import type { IncomingHttpHeaders } from 'node:http';

/** A request body in OpenAI's format, capped and ready to send. */
export type ChatBody = Record<string, unknown> & { stream?: boolean | null | undefined };

export interface ProviderAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Bytes as they come; ends early with an error when the provider breaks off. */
  body: AsyncIterable<Uint8Array>;
  /** Cuts the connection; the body ends. */
  cancel: () => void;
}

/** Somebody who answers chat requests in OpenAI's format, plain or as server-sent events. */
export interface Provider {
  name: string;
  outputLimitField: 'max_tokens' | 'max_completion_tokens';
  /** Rejects with `provider-failed` or `provider-timeout` when there is no answer at all. */
  chat: (body: ChatBody, signal: AbortSignal) => Promise<ProviderAnswer>;
  close: () => Promise<void>;
}

export interface Model {
  id: string;
  upstreamId: string;
  maxOutputTokens: number;
  openToGuests: boolean;
  provider: Provider;
}
