import { DomainError } from '@smart-ai-hub/shared/contracts';
import { failureOf } from '../providers/provider-failure.ts';
import type { Provider, ProviderAnswer, Service } from '../providers/provider.ts';
import type { EventTranslator } from '../translation/event-translator.ts';
import type { AnswerRoom, Seat } from './answer-room.ts';
import { createEventParser } from './event-stream.ts';
import type { EventSink } from './event-sink.ts';
import type { Usage } from './measure.ts';
import type { Heard } from './answer-reader.ts';
import { streamReaderOf } from './reader.ts';

/** What was heard of a stream and, where it did not come to its end, why. */
export interface Relayed {
  text: string;
  usage: Usage | undefined;
  /** Whole ones. */
  images: number;
  /** The provider said that the answer is whole. */
  finished: boolean;
  failure: DomainError | undefined;
}

export interface RelayOptions {
  provider: Pick<Provider, 'name' | 'format'>;
  service: Service;
  sink: EventSink;
  /** Where the caller speaks another format than the provider. */
  translator: EventTranslator | undefined;
  /** The event that is there for the usage alone is passed on too. */
  showUsage: boolean;
  /** For events that are being put together: those with images are as large as whole answers. */
  room: AnswerRoom;
  /** Of a caller who waits. */
  signal: AbortSignal;
}

/**
 * Passes a provider's events on as they come, byte for byte or translated one by one, and listens for text and usage.
 * The usage event that we asked for is taken out again unless the caller asked for it too.
 */
export async function relayStream(answer: ProviderAnswer, options: RelayOptions): Promise<Relayed> {
  const { provider, service, sink, translator, room, signal } = options;
  const relayed: Relayed = { text: '', usage: undefined, images: 0, finished: false, failure: undefined };
  const parser = createEventParser();
  const reader = streamReaderOf(provider.format, service);
  const seat = seatFor(room, signal);
  /** What one chunk completes; told until one of its events turns out to be a failure. */
  const hear = async (chunk: Uint8Array) => {
    let told = '';
    try {
      for (const { raw, data } of parser.push(chunk)) {
        const heard = reader.event(data);
        relayed.text += heard.text;
        relayed.usage = heard.usage ?? relayed.usage;
        relayed.images = heard.images ?? relayed.images;
        relayed.finished ||= heard.finishes;
        told += tell(raw, data, heard, options);
      }
    } finally {
      if (told !== '') await sink.write(told);
    }
  };
  try {
    for await (const chunk of answer.body) {
      await hear(chunk);
      await seat.hold(parser.open());
    }
    if (!relayed.finished)
      throw new DomainError('provider-failed', { detail: `${provider.name} broke off in the middle` });
    const last = shown(translator?.end() ?? '', options.showUsage);
    if (last !== '') await sink.write(last);
  } catch (error) {
    relayed.failure = error instanceof DomainError ? error : failureOf(error, provider.name);
  } finally {
    seat.leave();
  }
  return relayed;
}

/** Characters that are read from one event to the next without asking: nearly all events are smaller. */
const USUAL = 128 * 1024;

/** Room for the event that is open: it grows with it, until the caller has taken it. */
function seatFor(room: AnswerRoom, signal: AbortSignal) {
  let [seat, taken]: [Seat | undefined, number] = [undefined, 0];
  const leave = () => {
    seat?.leave();
    [seat, taken] = [undefined, 0];
  };
  const hold = async (open: number) => {
    if (open < taken) leave();
    if (open < USUAL) return;
    seat ??= room.enter();
    const more = open - taken;
    taken = open;
    await seat.take(more, signal);
  };
  return { hold, leave };
}

function tell(raw: string, data: string, heard: Heard, { translator, showUsage }: RelayOptions): string {
  if (translator) return shown(translator.push(data), showUsage);
  return heard.onlyUsage && !showUsage ? '' : raw;
}

/** Translated events without the one that is there for the usage alone; in JSON the same in a text has its quotes escaped. */
const shown = (events: string, showUsage: boolean) =>
  showUsage || !events.includes('"choices":[]')
    ? events
    : events.replaceAll(/data: [^\n]*"choices":\[\][^\n]*\n\n/g, '');
