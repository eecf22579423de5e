import { messageUsage } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { parseObject, type Usage } from './measure.ts';
import type { AnswerReader } from './answer-reader.ts';

const block = z.looseObject({
  text: z.string().optional().catch(undefined),
  thinking: z.string().optional().catch(undefined),
  partial_json: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  input: z.unknown().optional(),
});

const message = z.looseObject({
  type: z.literal('message'),
  content: z.array(block.catch({ input: undefined })),
  usage: messageUsage.optional().catch(undefined),
});

const part = z.looseObject({
  type: z.string(),
  message: z.looseObject({ usage: messageUsage.optional() }).optional().catch(undefined),
  content_block: block.optional().catch(undefined),
  delta: block.extend({ stop_reason: z.string().nullish() }).optional().catch(undefined),
  usage: messageUsage.optional().catch(undefined),
});

/** Tokens that were sent, those of the cache included; a later report names them again, or leaves them out. */
const promptOf = ({
  input_tokens: fresh = 0,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
}: z.output<typeof messageUsage>) => fresh + (read ?? 0) + (written ?? 0);

/**
 * Anthropic's messages, https://platform.claude.com/docs/en/build-with-claude/streaming: what was sent is told where a
 * stream begins, and what was said, added up, where it ends.
 */
export function createMessageReader(): AnswerReader {
  let promptTokens = 0;
  return {
    whole: (answer) => {
      const parsed = message.safeParse(answer);
      if (!parsed.success) return undefined;
      const { content, usage } = parsed.data;
      return {
        said: content.map((one) => textOf(one) + inputOf(one)).join(''),
        usage: usage && usageOf(usage),
      };
    },
    event: (data) => {
      const parsed = part.safeParse(parseObject(data));
      const { message: begun, content_block: opened, delta, usage } = parsed.success ? parsed.data : {};
      if (begun?.usage) promptTokens = promptOf(begun.usage);
      return {
        text: textOf(opened) + textOf(delta),
        usage: usage && usageOf(usage, promptTokens),
        finishes: delta?.stop_reason != null,
        onlyUsage: false,
      };
    },
  };
}

function usageOf(usage: z.output<typeof messageUsage>, sent = 0): Usage | undefined {
  const { output_tokens: completionTokens } = usage;
  if (completionTokens === undefined) return undefined;
  return { promptTokens: Math.max(sent, promptOf(usage)), completionTokens };
}

const textOf = ({ text = '', thinking = '', partial_json: json = '', name = '' }: Block = {}) =>
  text + thinking + json + name;

const inputOf = ({ input }: Block) => (input === undefined ? '' : JSON.stringify(input));

type Block = Partial<z.output<typeof block>>;
