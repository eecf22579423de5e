import { imagesOfMessages } from '../metering/count-messages.ts';
import { imagesOfChat } from '../metering/tokens.ts';
import type { Need } from '../providers/fit.ts';
import { fieldsOf } from '../translation/chat-fields.ts';

type Body = Record<string, unknown>;

const isFilled = (list: unknown) => Array.isArray(list) && list.length > 0;

const named = (needs: Record<Need, boolean>): Need[] =>
  (['vision', 'tools', 'json'] as const).filter((need) => needs[need]);

/** What a chat in OpenAI's format asks of its model, https://platform.openai.com/docs/api-reference/chat/create. */
export function needsOfChat(body: Body): Need[] {
  const { type = 'text' } = fieldsOf(body['response_format']);
  return named({
    vision: imagesOfChat(body) > 0,
    tools: isFilled(body['tools']) || isFilled(body['functions']),
    json: type !== 'text',
  });
}

/** What a message in Anthropic's format asks of its model, https://platform.claude.com/docs/en/api/messages. */
export const needsOfMessage = (body: Body): Need[] =>
  named({
    vision: imagesOfMessages(body) > 0,
    tools: isFilled(body['tools']),
    json: (fieldsOf(body['output_config'])['format'] ?? body['output_format']) != null,
  });
