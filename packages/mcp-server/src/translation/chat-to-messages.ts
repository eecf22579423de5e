import type { ChatBody } from '../providers/provider.ts';
import { expectOneAnswer, jsonFormat, said, stopTexts } from './chat-fields.ts';
import { toolSettings } from './chat-tools.ts';
import { conversationOf } from './chat-turns.ts';
import { thinkingSettings } from './claude-thinking.ts';

const JSON_ONLY =
  'Answer with a single valid JSON object and nothing else: no words before or after it, no Markdown fence.';

/**
 * A request of https://platform.openai.com/docs/api-reference/chat/create as one of
 * https://platform.claude.com/docs/en/api/messages, field by field as Anthropic's own layer does it
 * (https://platform.claude.com/docs/en/cli-sdks-libraries/libraries/openai-sdk) and further where the format has a
 * place. Settings that only OpenAI knows are left out; content that cannot be said is the caller's mistake.
 */
export function chatToMessages(body: ChatBody): Record<string, unknown> {
  expectOneAnswer(body);
  const { system, turns } = conversationOf(body['messages']);
  const { format, instruction } = answerFormat(body['response_format']);
  const tools = toolSettings(body);
  const { effort, ...thinking } = thinkingSettings(body, {
    forced: ['any', 'tool'].includes(tools.tool_choice?.type ?? ''),
    inToolUse: turns.at(-1)?.content.some(({ type }) => type === 'tool_result') ?? false,
  });
  return said({
    model: body['model'],
    max_tokens: body['max_tokens'],
    system: [...system, ...instruction].join('\n') || undefined,
    messages: turns,
    ...tools,
    ...thinking,
    output_config: effort === undefined && !format ? undefined : said({ effort, format }),
    stop_sequences: stopSequences(body['stop']),
    metadata: metadataOf(body),
    stream: body.stream === true ? true : undefined,
  });
}

/**
 * A schema is kept by the model itself (https://platform.claude.com/docs/en/build-with-claude/structured-outputs);
 * for JSON of any shape it can only be asked.
 */
function answerFormat(given: unknown): { format?: object; instruction: string[] } {
  const json = jsonFormat(given);
  if (!json) return { instruction: [] };
  const { schema } = json;
  return schema ? { format: { type: 'json_schema', schema }, instruction: [] } : { instruction: [JSON_ONLY] };
}

/** Anthropic refuses blank ones. */
function stopSequences(stop: unknown): string[] | undefined {
  const sequences = stopTexts(stop).filter((sequence) => sequence.trim() !== '');
  return sequences.length > 0 ? sequences : undefined;
}

/** OpenAI's newer name for it goes first. */
function metadataOf({ safety_identifier: newer, user: older }: Record<string, unknown>): object | undefined {
  const id = [newer, older].find((name) => typeof name === 'string' && name !== '');
  return id === undefined ? undefined : { user_id: id };
}
