import { DomainError } from '@smart-ai-hub/shared/contracts';
import { parseObject } from '../../completions/measure.ts';
import { chunkEvent, type CompletionHead, lastEvents } from '../completion-frame.ts';
import type { EventTranslator } from '../event-translator.ts';
import {
  completionUsage,
  type Counts,
  type Ending,
  finishReason,
  type GeminiAnswer,
  type Piece,
  readAnswer,
} from './gemini-shape.ts';
import { headOf, toolCall } from './gemini-to-completion.ts';

/** What is known of one stream: where it stands, and none of what it said. */
interface Stream {
  head: CompletionHead | undefined;
  counts: Counts | undefined;
  /** Tool calls so far. */
  calls: number;
  /** How it ended, as far as it was told: older models tell it with every event. */
  ending: Ending;
}

/**
 * Events of https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent, each an answer with what is
 * new, as chunks of https://platform.openai.com/docs/api-reference/chat/streaming. An error in mid-stream is thrown as
 * `provider-failed`; a stream that just breaks off is given no end.
 */
export function geminiEventsToChunks(model: string): EventTranslator {
  const stream: Stream = { head: undefined, counts: undefined, calls: 0, ending: { stop: '', refusal: '' } };
  return {
    push: (data) => {
      const event = parseObject(data);
      if (event && 'error' in event)
        throw new DomainError('provider-failed', { detail: 'the provider broke off with an error' });
      return event ? hear(stream, readAnswer(event), model) : '';
    },
    end: () => (stream.ending.stop === '' ? '' : conclude(stream)),
  };
}

function hear(stream: Stream, answer: GeminiAnswer, model: string): string {
  stream.counts = answer.counts ?? stream.counts;
  const { stop, refusal } = answer;
  if (stop !== '') stream.ending = { stop, refusal };
  const start = begin(stream, answer, model);
  return start + answer.pieces.map((piece) => chunkEvent(stream.head, deltaOf(stream, piece))).join('');
}

function begin(stream: Stream, answer: GeminiAnswer, model: string): string {
  if (stream.head) return '';
  stream.head = headOf(answer, model);
  return chunkEvent(stream.head, { role: 'assistant', content: '' });
}

function deltaOf(stream: Stream, piece: Piece): object {
  if (piece.type === 'call') return { tool_calls: [{ index: stream.calls++, ...toolCall(piece.call) }] };
  return piece.type === 'text' ? { content: piece.text } : { reasoning_content: piece.text };
}

function conclude({ head, counts, calls, ending }: Stream): string {
  const { refusal } = ending;
  const refused = refusal === '' ? '' : chunkEvent(head, { refusal });
  const finished = chunkEvent(head, {}, finishReason(ending, calls > 0));
  return refused + finished + lastEvents(head, completionUsage(counts));
}
