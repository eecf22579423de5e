import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { parseObject } from '../completions/measure.ts';
import { chunkEvent, completionHead, type CompletionHead, lastEvents } from './completion-frame.ts';
import type { EventTranslator } from './event-translator.ts';
import {
  argumentsOf,
  blockOf,
  completionUsage,
  type ContentBlock,
  type Counts,
  endingOf,
  finishReason,
  withCounts,
} from './message-shape.ts';

/** What is known of one stream: where it stands, and none of what it said. */
interface Stream {
  head: CompletionHead | undefined;
  counts: Counts;
  /** Tool calls so far. */
  calls: number;
  /** Tool calls that are being said, by the index of their block. */
  open: Map<unknown, OpenCall>;
  state: 'running' | 'finished' | 'done';
}

interface OpenCall {
  index: number;
  /** The arguments, as far as they came with the name; said where nothing follows. */
  input: unknown;
  saidArguments: boolean;
}

type Fields = Partial<Record<string, unknown>>;
type Handler = (stream: Stream, event: Fields) => string;

/** https://platform.claude.com/docs/en/build-with-claude/streaming; `ping`, and what is yet to come, says nothing. */
const HANDLERS: Record<string, Handler> = {
  message_start: (stream, { message }) => begin(stream, message),
  content_block_start: (stream, { index, content_block: block }) => startBlock(stream, index, blockOf(block)),
  content_block_delta: (stream, { index, delta }) => continueBlock(stream, index, delta),
  content_block_stop: (stream, { index }) => stopBlock(stream, index),
  message_delta: (stream, { delta, usage }) => endMessage(stream, delta, usage),
  message_stop: (stream) => (stream.state === 'running' ? finish(stream, 'stop') : '') + conclude(stream),
  error: (_stream, { error }) => {
    throw brokeOff(error);
  },
};

/**
 * The events of a message as chunks of https://platform.openai.com/docs/api-reference/chat/streaming: the role, the
 * words as they come, the reason to end, the usage, `[DONE]`. An error in mid-stream is thrown as `provider-failed`;
 * a stream that just breaks off is given no end.
 */
export function messageEventsToChunks(): EventTranslator {
  const stream: Stream = { head: undefined, counts: {}, calls: 0, open: new Map(), state: 'running' };
  return {
    push: (data) => {
      const event: Fields | undefined = parseObject(data);
      const type = event?.['type'];
      if (!event || typeof type !== 'string' || stream.state === 'done') return '';
      return Object.hasOwn(HANDLERS, type) ? (HANDLERS[type]?.(stream, event) ?? '') : '';
    },
    end: () => (stream.state === 'finished' ? conclude(stream) : ''),
  };
}

function begin(stream: Stream, message: unknown): string {
  const { usage }: Fields = typeof message === 'object' && message !== null ? message : {};
  stream.counts = withCounts(stream.counts, usage);
  if (stream.head) return '';
  stream.head = completionHead(message);
  return chunkEvent(stream.head, { role: 'assistant', content: '' });
}

/** Words of the answer; the role goes first, even where the vendor left its first event out. */
function say(stream: Stream, delta: object): string {
  return (stream.head ? '' : begin(stream, undefined)) + chunkEvent(stream.head, delta);
}

const sayText = (stream: Stream, text: string) => (text === '' ? '' : say(stream, { content: text }));
const sayThought = (stream: Stream, text: string) =>
  text === '' ? '' : say(stream, { reasoning_content: text });
const sayCall = (stream: Stream, call: object) => say(stream, { tool_calls: [call] });

function startBlock(stream: Stream, at: unknown, block: ContentBlock | undefined): string {
  if (block?.type === 'text') return sayText(stream, block.text);
  if (block?.type === 'thinking') return sayThought(stream, block.thinking);
  if (!block) return '';
  const index = stream.calls++;
  stream.open.set(at, { index, input: block.input, saidArguments: false });
  const { id, name } = block;
  return sayCall(stream, { index, id, type: 'function', function: { name, arguments: '' } });
}

const blockDelta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text_delta'), text: z.string() }),
  z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
  z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
]);

/** Signatures and citations have no place in a chat. */
function continueBlock(stream: Stream, at: unknown, given: unknown): string {
  const { data: delta } = blockDelta.safeParse(given);
  if (delta?.type === 'text_delta') return sayText(stream, delta.text);
  if (delta?.type === 'thinking_delta') return sayThought(stream, delta.thinking);
  const call = stream.open.get(at);
  if (!call || !delta || delta.partial_json === '') return '';
  call.saidArguments = true;
  return sayCall(stream, { index: call.index, function: { arguments: delta.partial_json } });
}

/** A call without arguments is one with an empty object: whoever joins the pieces wants to parse them. */
function stopBlock(stream: Stream, at: unknown): string {
  const call = stream.open.get(at);
  stream.open.delete(at);
  if (!call || call.saidArguments) return '';
  return sayCall(stream, { index: call.index, function: { arguments: argumentsOf(call.input) } });
}

function endMessage(stream: Stream, delta: unknown, usage: unknown): string {
  stream.counts = withCounts(stream.counts, usage);
  const { stop, refusal } = endingOf(delta);
  if (stop === '' || stream.state !== 'running') return '';
  return (refusal === '' ? '' : say(stream, { refusal })) + finish(stream, finishReason(stop));
}

function finish(stream: Stream, reason: string): string {
  const rest = [...stream.open.keys()].map((at) => stopBlock(stream, at)).join('');
  const start = stream.head ? '' : begin(stream, undefined);
  stream.state = 'finished';
  return start + rest + chunkEvent(stream.head, {}, reason);
}

function conclude(stream: Stream): string {
  stream.state = 'done';
  return lastEvents(stream.head, completionUsage(stream.counts));
}

/** Named by the vendor's word for it alone: what else it says may hold the address or the key. */
function brokeOff(error: unknown): DomainError {
  const { type }: Fields = typeof error === 'object' && error !== null ? error : {};
  const name = typeof type === 'string' && /^[a-z_]{1,40}$/.test(type) ? `: ${type}` : '';
  return new DomainError('provider-failed', { detail: `the provider broke off in the middle${name}` });
}
