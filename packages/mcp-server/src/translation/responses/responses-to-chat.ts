import { z } from 'zod';
import type { ChatBody } from '../../providers/provider.ts';
import { invalid } from '../chat-fields.ts';
import { readPart } from '../read-request.ts';
import { chatTools } from './function-tools.ts';
import { itemsToChat } from './items-to-chat.ts';

/** A request body of the Responses API. */
export type ResponsesBody = Record<string, unknown>;

const format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string(),
    schema: z.looseObject({}),
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
]);
type Format = z.output<typeof format>;

const request = z.looseObject({
  input: z.union([z.string(), z.array(z.unknown())], 'must be a text or a list of items'),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.looseObject({ format: format.nullish(), verbosity: z.string().nullish() }).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
});

/** What only somebody who keeps answers could do. */
const NEEDS_MEMORY = {
  previous_response_id: 'must be null: the hub keeps no answers; send the whole conversation as input',
  conversation: 'must be null: the hub keeps no conversations; send the whole of it as input',
  prompt: 'must be null: the hub keeps no prompt templates; send the text itself',
  background: 'must be false: the hub keeps no answers that could be asked for later',
};

/** Translated, refused, or only about answers that are kept and tools that are not here. */
const OWN_FIELDS = new Set([
  ...Object.keys(NEEDS_MEMORY),
  ...Object.keys(request.shape),
  ...['max_output_tokens', 'store', 'metadata', 'include', 'truncation', 'context_management'],
  ...['max_tool_calls', 'top_logprobs', 'stream_options'],
  'n', // no field of this format: it would ask a chat for answers that this one has no place for
]);

/**
 * A request of https://platform.openai.com/docs/api-reference/responses/create as one of
 * https://platform.openai.com/docs/api-reference/chat/create. What needs answers that are kept, or the vendor's own
 * tools, is `invalid-request`; what a chat calls by the same name, and what we do not know, travels on.
 */
export function responsesToChat(body: ResponsesBody): ChatBody {
  refuseMemory(body);
  const { input, instructions, stream, text, reasoning, ...tools } = readPart(request, body);
  const shared = Object.entries(body).filter(([name, value]) => !OWN_FIELDS.has(name) && value != null);
  return {
    ...Object.fromEntries(shared),
    messages: [...(instructions ? [{ role: 'system', content: instructions }] : []), ...itemsToChat(input)],
    ...(stream != null && { stream }),
    ...chatTools(tools),
    ...(text?.format && chatFormat(text.format)),
    ...(text?.verbosity != null && { verbosity: text.verbosity }),
    ...(reasoning?.effort != null && { reasoning_effort: reasoning.effort }),
  };
}

function refuseMemory(body: ResponsesBody): void {
  for (const [name, why] of Object.entries(NEEDS_MEMORY)) {
    if (body[name] != null && body[name] !== false) throw invalid(name, why);
  }
}

/** https://platform.openai.com/docs/guides/structured-outputs, which a chat nests. */
function chatFormat({ type, ...described }: Format): { response_format?: object } {
  if (type === 'text') return {};
  return { response_format: type === 'json_object' ? { type } : { type, json_schema: described } };
}
