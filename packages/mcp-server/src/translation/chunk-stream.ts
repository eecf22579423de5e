import { DomainError } from '@smart-ai-hub/shared/contracts';
import { parseObject, usageOf } from '../completions/measure.ts';
import { choiceOf, type Said } from './completion-shape.ts';
import type { EventTranslator } from './event-translator.ts';

/** How a format tells a completion that comes in chunks: each part is answered with the events that it becomes. */
export interface ChunkTeller {
  /** By the first chunk, or nothing of one. */
  begin: (chunk: object) => string;
  say: (said: Said) => string;
  /** The model has ended, for this reason; its usage is still to come. */
  finish: (reason: string) => string;
  /** The last words, with the chunk that reported the usage last. */
  conclude: (reported: object | undefined) => string;
}

/** What is kept of a stream; never its text. */
interface Stream {
  teller: ChunkTeller;
  state: 'silent' | 'open' | 'finished' | 'over';
  reported: object | undefined;
}

const DONE = '[DONE]';

/**
 * Reads the chunks of https://platform.openai.com/docs/api-reference/chat/streaming for one who tells them in another
 * format. `end` completes the answer whatever was said before: it is not for a stream that broke off. Throws
 * `provider-failed` for an error in mid-stream.
 */
export function readChunks(teller: ChunkTeller): EventTranslator {
  const stream: Stream = { teller, state: 'silent', reported: undefined };
  return {
    push: (data) => (data === DONE ? conclude(stream) : hear(stream, data)),
    end: () => conclude(stream),
  };
}

function hear(stream: Stream, data: string): string {
  const chunk = stream.state === 'over' ? undefined : parseObject(data);
  if (!chunk) return '';
  if (Reflect.get(chunk, 'error') != null)
    throw new DomainError('provider-failed', { detail: 'the provider broke off with an error' });
  const choices: unknown = Reflect.get(chunk, 'choices');
  if (!Array.isArray(choices)) return '';
  const reports = usageOf(chunk) !== undefined;
  if (reports) stream.reported = chunk;
  const events = begin(stream, chunk) + say(stream, chunk);
  // Some vendors tell the usage so far with every chunk: the last has nothing else to say.
  const isLast = reports && choices.length === 0 && stream.state === 'finished';
  return isLast ? events + conclude(stream) : events;
}

function begin(stream: Stream, chunk: object): string {
  if (stream.state !== 'silent') return '';
  stream.state = 'open';
  return stream.teller.begin(chunk);
}

function say(stream: Stream, chunk: object): string {
  const choice = choiceOf(chunk);
  if (!choice) return '';
  const { teller } = stream;
  const events = choice.said ? teller.say(choice.said) : '';
  if (!choice.finish) return events;
  stream.state = 'finished';
  return events + teller.finish(choice.finish);
}

function conclude(stream: Stream): string {
  if (stream.state === 'over') return '';
  const events = begin(stream, {}) + stream.teller.conclude(stream.reported);
  stream.state = 'over';
  return events;
}
