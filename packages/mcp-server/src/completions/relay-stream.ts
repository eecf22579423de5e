import { DomainError } from '@smart-ai-hub/shared/contracts';
import { failureOf } from '../providers/openai-compatible.ts';
import type { ProviderAnswer } from '../providers/provider.ts';
import { createEventParser, type ServerEvent } from './event-stream.ts';
import type { EventSink } from './event-sink.ts';
import { finishes, parseObject, textOf, type Usage, usageOf } from './measure.ts';

/** What was heard of a stream and, where it did not come to its end, why. */
export interface Relayed {
  text: string;
  usage: Usage | undefined;
  failure: DomainError | undefined;
}

const DONE = '[DONE]';

/**
 * Passes a provider's events on as they come, byte for byte, and listens for text and usage. The usage event
 * that we asked for is taken out again unless the caller asked for it too (`showUsage`).
 */
export async function relayStream(
  answer: ProviderAnswer,
  provider: string,
  sink: EventSink,
  showUsage: boolean,
): Promise<Relayed> {
  const relayed: Relayed = { text: '', usage: undefined, failure: undefined };
  const parser = createEventParser();
  let finished = false;
  try {
    for await (const chunk of answer.body) {
      const heard = parser.push(chunk).map((event) => listen(event, relayed));
      finished ||= heard.some((event) => event.finishes);
      const shown = heard.filter(({ onlyUsage }) => showUsage || !onlyUsage);
      if (shown.length > 0) await sink.write(shown.map(({ raw }) => raw).join(''));
    }
    if (!finished)
      throw new DomainError('provider-failed', { detail: `${provider} broke off in the middle` });
  } catch (error) {
    relayed.failure = error instanceof DomainError ? error : failureOf(error, provider);
  }
  return relayed;
}

interface Heard {
  raw: string;
  finishes: boolean;
  onlyUsage: boolean;
}

function listen({ raw, data }: ServerEvent, relayed: Relayed): Heard {
  const part = data === DONE ? undefined : parseObject(data);
  if (!part) return { raw, finishes: data === DONE, onlyUsage: false };
  const usage = usageOf(part);
  relayed.text += textOf(part);
  relayed.usage = usage ?? relayed.usage;
  const choices: unknown = Reflect.get(part, 'choices');
  const onlyUsage = usage !== undefined && Array.isArray(choices) && choices.length === 0;
  return { raw, finishes: finishes(part), onlyUsage };
}
