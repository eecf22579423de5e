import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { chatText, countChat, countTokens } from '../metering/tokens.ts';
import type { ChatBody, Provider, ProviderAnswer } from './provider.ts';

export const ECHO_MODEL = 'hub/echo';

const echoBody = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string() })),
  max_tokens: z.number().optional(),
  stream: z.boolean().nullish(),
});

const encoder = new TextEncoder();

/**
 * The built-in model: repeats the last message and counts real tokens, so that key, price, stream and
 * ledger can be seen at work without a vendor's account. It says what it is, and is never a fallback.
 */
export const echoProvider: Provider = {
  name: 'hub',
  format: 'openai',
  outputLimitField: 'max_tokens',
  chat: async (body) => answer(body),
  admit: (call) => call(),
  brokeOff: () => undefined,
  isLeftAlone: () => false,
};

async function answer(body: ChatBody): Promise<ProviderAnswer> {
  const parsed = echoBody.safeParse(body);
  if (!parsed.success) throw new DomainError('provider-failed', { cause: parsed.error });
  const { messages, max_tokens: limit = Infinity, stream } = parsed.data;
  const words =
    `This is hub/echo, not an AI model. You said: ${chatText(messages.at(-1))}`.match(/\s*\S+/g) ?? [];
  const said: string[] = [];
  let tokens = 0;
  for (const word of words) {
    const cost = await countTokens(word);
    if (tokens + cost > limit) break;
    tokens += cost;
    said.push(word);
  }
  const promptTokens = await countChat(body);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
  };
  const finish = said.length < words.length ? 'length' : 'stop';
  const base = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: ECHO_MODEL };
  const parts = stream ? streamed(base, said, finish, usage) : [plain(base, said.join(''), finish, usage)];
  return { status: 200, headers: {}, body: emit(parts), cancel: () => undefined };
}

async function* emit(parts: Iterable<object | string>): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield encoder.encode(typeof part === 'string' ? part : JSON.stringify(part));
  await Promise.resolve();
}

interface Base {
  id: string;
  created: number;
  model: string;
}

const plain = (base: Base, content: string, finish: string, usage: object) => ({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
  usage,
});

function* streamed(base: Base, words: string[], finish: string, usage: object): Generator<string> {
  const chunk = (delta: object, reason: string | null) =>
    event({
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
  yield chunk({ role: 'assistant', content: '' }, null);
  for (const word of words) yield chunk({ content: word }, null);
  yield chunk({}, finish);
  yield event({ ...base, object: 'chat.completion.chunk', choices: [], usage });
  yield 'data: [DONE]\n\n';
}

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
