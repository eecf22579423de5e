import { fieldsOf, invalid, listOf } from './chat-fields.ts';

export interface ToolSettings {
  tools?: Tool[];
  tool_choice?: ToolChoice;
}

interface Tool {
  name: string;
  description?: string;
  input_schema: object;
  strict?: boolean;
}

interface ToolChoice {
  type: 'auto' | 'any' | 'tool' | 'none';
  name?: string;
  disable_parallel_tool_use?: boolean;
}

/**
 * The tools of a chat, and how they may be used, in the words of
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools. A choice without tools is left out:
 * Anthropic refuses it.
 */
export function toolSettings(body: Record<string, unknown>): ToolSettings {
  if (body['functions'] != null) throw invalid('functions', 'must be given as tools for this model');
  const allowed = allowedTools(body['tool_choice']);
  const tools = listOf(body['tools'], 'tools')
    .map((tool, index) => toolOf(fieldsOf(tool), `tools.${index}`))
    .filter(({ name }) => allowed === undefined || allowed.names.has(name));
  if (tools.length === 0) return {};
  const choice = choiceOf(allowed?.mode ?? body['tool_choice'], body['parallel_tool_calls'] === false);
  return { tools, ...(choice && { tool_choice: choice }) };
}

function toolOf({ type, function: given }: Record<string, unknown>, path: string): Tool {
  const { name, description, parameters, strict } = fieldsOf(given);
  if (type !== 'function' || typeof name !== 'string')
    throw invalid(path, 'must be a function with a name for this model');
  return {
    name,
    ...(typeof description === 'string' && { description }),
    input_schema: { type: 'object', properties: {}, ...fieldsOf(parameters) },
    ...(strict === true && { strict }),
  };
}

/** OpenAI's way to offer tools that may not be used this time. */
function allowedTools(choice: unknown): { mode: unknown; names: Set<unknown> } | undefined {
  const { type, allowed_tools: given } = fieldsOf(choice);
  if (type !== 'allowed_tools') return undefined;
  const { mode, tools } = fieldsOf(given);
  const names = listOf(tools, 'tool_choice.allowed_tools.tools').map(
    (tool) => fieldsOf(fieldsOf(tool)['function'])['name'],
  );
  return { mode, names: new Set(names) };
}

function choiceOf(choice: unknown, oneByOne: boolean): ToolChoice | undefined {
  const parallel = oneByOne ? { disable_parallel_tool_use: true } : {};
  if (choice == null) return oneByOne ? { type: 'auto', ...parallel } : undefined;
  if (choice === 'none') return { type: 'none' };
  if (choice === 'auto') return { type: 'auto', ...parallel };
  if (choice === 'required') return { type: 'any', ...parallel };
  const { name } = fieldsOf(fieldsOf(choice)['function']);
  if (typeof name !== 'string') throw invalid('tool_choice', 'must be none, auto, required or a function');
  return { type: 'tool', name, ...parallel };
}
