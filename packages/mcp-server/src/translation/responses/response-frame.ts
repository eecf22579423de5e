import { z } from 'zod';
import { usageOf } from '../../completions/measure.ts';
import { fieldsOf } from '../chat-fields.ts';

/** What only we know of a response: the model as the caller named it, and the request, which the response repeats. */
export interface ResponseFacts {
  model: string;
  request: Record<string, unknown>;
}

/** What a response repeats of its request, and what stands there where the request said nothing. */
const REPEATED = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  safety_identifier: null,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  user: null,
};

/** What is the same for every response of a hub that keeps none of them. */
const STATELESS = {
  background: false,
  previous_response_id: null,
  store: false,
  truncation: 'disabled',
};

const createdShape = z.object({ created: z.int().min(0) });

const now = () => Math.floor(Date.now() / 1000);

/**
 * A response of https://platform.openai.com/docs/api-reference/responses/object as it begins; `id` is what the ids of
 * its items have in common with its own.
 */
export function newResponse(id: string, completion: object, { model, request }: ResponseFacts) {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: createdShape.safeParse(completion).data?.created ?? now(),
    status: 'in_progress',
    completed_at: null,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    usage: null,
    ...Object.fromEntries(Object.entries(REPEATED).map(([name, usual]) => [name, request[name] ?? usual])),
    reasoning: { effort: null, summary: null, ...fieldsOf(request['reasoning']) },
    text: { format: { type: 'text' }, ...fieldsOf(request['text']) },
    ...STATELESS,
  };
}

const CUT_OFF: Record<string, string> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

export interface Ending {
  status: 'completed' | 'incomplete';
  completed_at: number | null;
  incomplete_details: { reason: string } | null;
}

/** How a response ended whose completion gave this reason. */
export function endingOf(finish: string | undefined): Ending {
  const reason = finish !== undefined && Object.hasOwn(CUT_OFF, finish) ? CUT_OFF[finish] : undefined;
  return reason === undefined
    ? { status: 'completed', completed_at: now(), incomplete_details: null }
    : { status: 'incomplete', completed_at: null, incomplete_details: { reason } };
}

const count = z.int().min(0).catch(0);
const NONE = { cached_tokens: 0, cache_write_tokens: 0 };
const detailsShape = z.object({
  prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).catch(NONE),
  completion_tokens_details: z.object({ reasoning_tokens: count }).catch({ reasoning_tokens: 0 }),
});

/** The usage that a completion or a chunk reports, where it makes sense. */
export function responseUsage(reported: object): object | null {
  const usage = usageOf(reported);
  if (!usage) return null;
  const details = detailsShape.parse(Reflect.get(reported, 'usage'));
  return {
    input_tokens: usage.promptTokens,
    input_tokens_details: details.prompt_tokens_details,
    output_tokens: usage.completionTokens,
    output_tokens_details: details.completion_tokens_details,
    total_tokens: usage.promptTokens + usage.completionTokens,
  };
}

/** A caller who asked for a summary of the reasoning looks for it there, and is told all that there is. */
export const wantsSummary = ({ request }: ResponseFacts): boolean =>
  fieldsOf(request['reasoning'])['summary'] != null;
