import type { ProviderFormat } from '@smart-ai-hub/shared/contracts';
import type { ChatBody } from '../providers/provider.ts';
import { chatToMessages } from './chat-to-messages.ts';
import { chunksToMessageEvents } from './chunks-to-message-events.ts';
import { chatErrorToMessage, completionToMessage } from './completion-to-message.ts';
import { dataIn, type EventTranslator } from './event-translator.ts';
import { chatToGemini } from './gemini/chat-to-gemini.ts';
import { geminiErrorToChat } from './gemini/gemini-error.ts';
import { geminiEventsToChunks } from './gemini/gemini-events-to-chunks.ts';
import { geminiToCompletion } from './gemini/gemini-to-completion.ts';
import { messageErrorToChat, messageToCompletion } from './message-to-completion.ts';
import { messageEventsToChunks } from './message-events-to-chunks.ts';
import { chunksToResponseEvents } from './responses/chunks-to-response-events.ts';
import { completionToResponse } from './responses/completion-to-response.ts';

/** Whose format a caller speaks: OpenAI's chat completions or its responses, or Anthropic's messages. */
export type CallerFormat = 'openai' | 'responses' | 'anthropic';

/** How a provider's answer becomes one in the caller's format. */
export interface Translation {
  whole: (text: string) => string;
  /** Of one stream, event by event. */
  events: () => EventTranslator;
  /** Nothing where it is not about the caller's request. */
  refusal: (text: string, status: number) => string | undefined;
}

/** What only we know of a call. */
export interface CallFacts {
  /** As the caller named it. */
  model: string;
  promptTokens: number;
  /** As the caller sent it. */
  request: Record<string, unknown>;
}

type Step = (facts: CallFacts) => Translation;

/** What a provider answers, as an answer to a chat; nothing where it is one. */
const TO_CHAT: Record<ProviderFormat, Step | undefined> = {
  openai: undefined,
  anthropic: () => ({
    whole: messageToCompletion,
    events: messageEventsToChunks,
    refusal: messageErrorToChat,
  }),
  gemini: ({ model }) => ({
    whole: (text) => geminiToCompletion(text, model),
    events: () => geminiEventsToChunks(model),
    refusal: geminiErrorToChat,
  }),
};

/** An answer to a chat, as the callers of a door expect it; nothing where they asked for a chat. */
const FROM_CHAT: Record<CallerFormat, Step | undefined> = {
  openai: undefined,
  responses: (facts) => ({
    whole: (text) => completionToResponse(text, facts),
    events: () => chunksToResponseEvents(facts),
    refusal: (text) => text, // OpenAI's errors have one shape
  }),
  anthropic: (facts) => ({
    whole: (text) => completionToMessage(text, facts.model),
    events: () => chunksToMessageEvents(facts),
    refusal: chatErrorToMessage,
  }),
};

/** A chat, as the provider of a format is asked for it. */
export const chatFor: Record<ProviderFormat, (chat: ChatBody) => ChatBody> = {
  openai: (chat) => chat,
  anthropic: chatToMessages,
  gemini: chatToGemini,
};

/** Nothing where caller and provider speak the same; else by way of a chat, which every format has one step to. */
export function translationOf(
  caller: CallerFormat,
  provider: ProviderFormat,
  facts: CallFacts,
): Translation | undefined {
  if (caller === provider) return undefined;
  const toChat = TO_CHAT[provider]?.(facts);
  const fromChat = FROM_CHAT[caller]?.(facts);
  return toChat && fromChat ? oneAfterTheOther(toChat, fromChat) : (toChat ?? fromChat);
}

const oneAfterTheOther = (first: Translation, second: Translation): Translation => ({
  whole: (text) => second.whole(first.whole(text)),
  events: () => piped(first.events(), second.events()),
  refusal: (text, status) => {
    const refusal = first.refusal(text, status);
    return refusal === undefined ? undefined : second.refusal(refusal, status);
  },
});

/** What the first tells, the second hears. */
function piped(first: EventTranslator, second: EventTranslator): EventTranslator {
  const pass = (events: string) => dataIn(events).map(second.push).join('');
  return {
    ...second,
    push: (data) => pass(first.push(data)),
    end: () => pass(first.end()) + second.end(),
  };
}
