import { readChunks } from './chunk-stream.ts';
import { type EventTranslator, namedEvent } from './event-translator.ts';
import { closeBlocks, noBlocks, speak, speakCall } from './message-blocks.ts';
import { messageId, messageUsage, noUsage, stopReason } from './message-frame.ts';

/** What is known before the answer: the model as the caller named it, and the prompt as it was counted. */
interface Start {
  model: string;
  promptTokens: number;
}

/**
 * Chunks of a completion as the events that a caller of
 * https://platform.claude.com/docs/en/build-with-claude/streaming expects. Throws `provider-failed` also for parallel
 * calls so mixed up that too much would have to be kept.
 */
export function chunksToMessageEvents({ model, promptTokens }: Start): EventTranslator {
  const blocks = noBlocks();
  let finish: string | undefined;
  let refused = false;
  return readChunks({
    begin: (chunk) => namedEvent('message_start', { message: emptyMessage(chunk, model, promptTokens) }),
    say: ({ thinking, text, refusal, calls }) => {
      refused ||= refusal !== '';
      return [
        speak(blocks, 'thinking', thinking),
        speak(blocks, 'text', text + refusal),
        ...calls.map((call) => speakCall(blocks, call)),
      ].join('');
    },
    finish: (reason) => {
      finish = reason;
      return closeBlocks(blocks);
    },
    conclude: (reported) => {
      const rest = closeBlocks(blocks);
      const reason = stopReason(finish, { called: blocks.called, refused });
      return rest + lastEvents(reason, reported && messageUsage(reported));
    },
  });
}

const emptyMessage = (chunk: object, model: string, promptTokens: number) => ({
  id: messageId(chunk),
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: noUsage(promptTokens),
});

/** The cumulative usage of the whole message; without one, the caller keeps what the start said. */
const lastEvents = (stopReason: string, usage: object | undefined) =>
  namedEvent('message_delta', {
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: usage ?? { output_tokens: 0 },
  }) + namedEvent('message_stop');
