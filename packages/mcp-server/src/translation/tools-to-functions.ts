import { z } from 'zod';
import { cannotSend, readPart } from './read-request.ts';
import { keepsStrictRules } from './strict-schema.ts';

const tool = z.looseObject({
  type: z.string().nullish(),
  name: z.string(),
  description: z.string().nullish(),
  input_schema: z.looseObject({}).nullish(),
  strict: z.boolean().nullish(),
});

const toolChoice = z.looseObject({
  type: z.enum(['auto', 'any', 'tool', 'none']),
  name: z.string().optional(),
  disable_parallel_tool_use: z.boolean().nullish(),
});

const CHOICES = { auto: 'auto', any: 'required', none: 'none' };

/**
 * The caller's tools (https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools) as functions
 * (https://platform.openai.com/docs/guides/function-calling). Throws `invalid-request` for those that are Anthropic's
 * own: another vendor's model has neither the server behind them nor the training.
 */
export function toolFields(tools: unknown[], choice: unknown): Record<string, unknown> {
  if (tools.length === 0) return {}; // OpenAI refuses a choice without tools
  return { tools: tools.map((each, at) => functionOf(each, String(at))), ...choiceFields(choice) };
}

function functionOf(given: unknown, at: string) {
  const { type, name, description, input_schema: parameters, strict } = readPart(tool, given, ['tools', at]);
  const isCallers = type == null || type === 'custom';
  if (!isCallers || !parameters) throw cannotSend(`the tool ${isCallers ? name : type}`);
  return {
    type: 'function',
    function: {
      name,
      ...(description != null && { description }),
      parameters,
      ...(strict && keepsStrictRules(parameters) && { strict }),
    },
  };
}

function choiceFields(given: unknown): Record<string, unknown> {
  if (given == null) return {};
  const {
    type,
    name = '',
    disable_parallel_tool_use: oneByOne,
  } = readPart(toolChoice, given, ['tool_choice']);
  return {
    tool_choice: type === 'tool' ? { type: 'function', function: { name } } : CHOICES[type],
    ...(oneByOne && { parallel_tool_calls: false }),
  };
}
