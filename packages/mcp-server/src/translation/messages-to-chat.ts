import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ChatBody } from '../providers/provider.ts';
import { content } from './blocks-to-parts.ts';
import { readPart } from './read-request.ts';
import { keepsStrictRules } from './strict-schema.ts';
import { toolFields } from './tools-to-functions.ts';
import { systemMessage, turn, turnToChat } from './turns-to-chat.ts';

/** A request body in Anthropic's format. */
export type MessagesBody = Record<string, unknown>;

const outputFormat = z.looseObject({ type: z.literal('json_schema'), schema: z.looseObject({}) });

const request = z.looseObject({
  messages: z.array(turn),
  system: content.nullish(),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  thinking: z.looseObject({ type: z.string(), budget_tokens: z.number().optional() }).nullish(),
  output_config: z.looseObject({ effort: z.string().nullish(), format: outputFormat.nullish() }).nullish(),
  output_format: outputFormat.nullish(),
});
type Request = z.output<typeof request>;

/** Fields of one name and meaning. */
const SHARED = ['model', 'max_tokens', 'temperature', 'top_p'];

/**
 * A request of https://platform.claude.com/docs/en/api/messages as one of
 * https://platform.openai.com/docs/api-reference/chat/create. What only Anthropic has (cache_control, top_k,
 * service_tier, container …) is left out where the answer is the same without it; where it would not be
 * (`web_search`, files of the vendor …), `invalid-request` says so.
 */
export function messagesToChat(body: MessagesBody): ChatBody {
  const read = readPart(request, body);
  const { messages, system, stream, stop_sequences: stop, tools, tool_choice: choice } = read;
  return {
    ...Object.fromEntries(SHARED.filter((name) => body[name] != null).map((name) => [name, body[name]])),
    messages: [
      ...(system?.length ? [systemMessage(system, ['system'])] : []),
      ...messages.flatMap((each, at) => turnToChat(each, ['messages', String(at)])),
    ],
    ...(stream != null && { stream }),
    ...(stop?.length && { stop }),
    ...toolFields(tools ?? [], choice),
    ...userField(read),
    ...formatField(read),
    ...effortField(read),
  };
}

/**
 * Opaque to both vendors, but Anthropic takes 256 characters of any kind, OpenAI 64 and some others only those of a
 * name: a longer one is told by its hash, which stays the same and one person's.
 */
function userField({ metadata }: Request) {
  const id = metadata?.user_id;
  if (!id) return {};
  return { user: /^[\w-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex') };
}

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs; `output_format` is its older place. */
function formatField({ output_config: config, output_format: older }: Request) {
  const format = config?.format ?? older;
  if (!format) return {};
  const { schema } = format;
  const strict = keepsStrictRules(schema) && { strict: true };
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, ...strict } } };
}

/**
 * https://platform.claude.com/docs/en/build-with-claude/effort has the words of
 * https://platform.openai.com/docs/guides/reasoning. A budget becomes the nearest of them. Thinking that is switched
 * off, or left to the model, is not mentioned: models without it refuse every word about it.
 */
function effortField({ thinking, output_config: config }: Request) {
  if (thinking?.type === 'disabled') return {};
  if (config?.effort) return { reasoning_effort: config.effort };
  return thinking?.type === 'enabled' ? { reasoning_effort: effortOf(thinking.budget_tokens ?? 0) } : {};
}

function effortOf(budgetTokens: number): string {
  if (budgetTokens < 4_096) return 'low';
  return budgetTokens < 16_384 ? 'medium' : 'high';
}
