import { z } from 'zod';
import { chatRequest, tokenLimit } from './completions.ts';

/** The sub-protocol that `/ws` speaks. */
export const SOCKET_PROTOCOL = 'smart-ai-hub.v1';

/** Before a token or key, where a page shows it as a sub-protocol: it can set no header there. */
export const CREDENTIAL_PROTOCOL = 'smart-ai-hub.bearer.';

/** Close codes of ours (RFC 6455, 7.4.2, leaves 4000 to 4999 to applications). */
export const SOCKET_CLOSES = { credentialEnded: 4401 } as const;

/** Who answers: one that speaks OpenAI's format, one that speaks Anthropic's, or whoever has the model. */
export const SOCKET_PROVIDERS = ['auto', 'openai', 'claude'] as const;
export type SocketProvider = (typeof SOCKET_PROVIDERS)[number];

const id = z.string().min(1).max(100);
const prompt = z.string().min(1).max(10_000_000);
/** OpenAI's names for what has another name, or makes no sense, here. */
const notHere = z.undefined({ error: 'is no field of this door' }).optional();

const call = {
  id,
  provider: z.enum(SOCKET_PROVIDERS).default('auto'),
  model: z.string().min(1).max(200),
  stream: z.boolean().default(false),
  maxTokens: tokenLimit.optional(),
  n: notHere,
  max_tokens: notHere,
  max_completion_tokens: notHere,
  stream_options: notHere,
};
const temperature = z.number().min(0).max(2).optional();

/** Other fields of OpenAI's chat request travel on as they are. */
const chat = z.looseObject({
  type: z.literal('chat'),
  ...call,
  temperature,
  messages: chatRequest.shape.messages,
  prompt: notHere,
});

const completion = z.looseObject({
  type: z.literal('completion'),
  ...call,
  temperature,
  prompt,
  messages: notHere,
});

const embedding = z.strictObject({
  type: z.literal('embedding'),
  id,
  provider: call.provider,
  model: call.model,
  prompt: z.union([prompt, z.array(prompt).min(1).max(10_000)]),
});

const cancel = z.strictObject({ type: z.literal('cancel'), id });

/** What a client sends over `/ws`, one a text message. */
export const socketMessage = z.discriminatedUnion('type', [chat, completion, embedding, cancel]);
export type SocketMessage = z.output<typeof socketMessage>;
export type SocketCall = Exclude<SocketMessage, { type: 'cancel' }>;

/** What a call used, and what that costs. */
export interface SocketUsage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  creditsMicro: number;
}

export interface SocketError {
  code: string;
  message: string;
  requestId: string;
  /** Seconds. */
  retryAfter?: number;
}

/** What a client hears: any number of chunks for an id, then one `done` or `error`. */
export type SocketAnswer =
  | { id: string; type: 'chunk'; data: object }
  | { id: string; type: 'done'; data: object; usage?: SocketUsage | undefined }
  | { id: string | null; type: 'error'; error: SocketError; usage?: SocketUsage | undefined };
