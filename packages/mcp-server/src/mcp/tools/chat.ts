import { type ChatRequest, completionsContract, tokenLimit } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { createChatCompletion } from '../../completions/create-chat-completion.ts';
import { onAborted } from '../../completions/outlet.ts';
import { hearChat } from '../hear-chat.ts';
import { ADDS, defineTool } from '../tool.ts';

/** Characters of what a model is told. */
const LONGEST_PROMPT = 1_000_000;

const input = z.strictObject({
  model: z.string().min(1).max(200).describe('An id of list_models'),
  prompt: z.string().min(1).max(LONGEST_PROMPT),
  system: z.string().min(1).max(LONGEST_PROMPT).optional().describe('How the model should answer'),
  maxTokens: tokenLimit.optional(),
  temperature: z.number().min(0).max(2).optional(),
});

export const chat = defineTool({
  name: 'chat',
  title: 'Ask a model',
  description:
    'Asks an AI model of the hub and gives its answer. It costs credits, as list_models says, and never more than there are.',
  annotations: { ...ADDS, openWorldHint: true },
  permission: completionsContract.createChatCompletion.access,
  input,
  output: z.object({
    text: z.string(),
    /** As the provider says: `stop`, `length`, … */
    finishReason: z.string().nullable(),
    /** Where the provider reports them. */
    usage: z.object({ promptTokens: z.int(), completionTokens: z.int() }).nullable(),
  }),
  call: async (ctx, asked) => {
    const heard = hearChat(ctx.tell, onAborted(ctx.signal));
    await createChatCompletion(ctx, requestOf(asked), heard.outlet);
    return heard.answer();
  },
  say: ({ text }) => text,
});

function requestOf({ model, prompt, system, maxTokens, temperature }: z.output<typeof input>): ChatRequest {
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: prompt },
    ],
    stream: true,
    stream_options: { include_usage: true },
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
}
