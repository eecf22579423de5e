import { z } from 'zod';
import { invalid } from '../chat-fields.ts';
import { readPart } from '../read-request.ts';

const tool = z.looseObject({ type: z.string() });

const functionTool = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  parameters: z.looseObject({}).nullish(),
  strict: z.boolean().nullish(),
});

const named = z.looseObject({ type: z.literal('function'), name: z.string() });
const choice = z.union([
  z.enum(['none', 'auto', 'required']),
  named,
  z.looseObject({
    type: z.literal('allowed_tools'),
    mode: z.enum(['auto', 'required']),
    tools: z.array(named),
  }),
]);

interface GivenTools {
  tools?: unknown[] | null | undefined;
  tool_choice?: unknown;
  parallel_tool_calls?: boolean | null | undefined;
}

/**
 * Functions as https://platform.openai.com/docs/guides/function-calling has them in a response, flat, in the nested
 * shape of a chat. Throws `invalid-request` for tools of the vendor's own: the servers behind them are not here. A chat
 * refuses a choice, and a word on parallel calls, without tools.
 */
export function chatTools({ tools, tool_choice: chosen, parallel_tool_calls: parallel }: GivenTools) {
  if (!tools?.length) return {};
  return {
    tools: tools.map((each, at) => chatTool(each, ['tools', String(at)])),
    ...(chosen != null && { tool_choice: chatChoice(chosen) }),
    ...(parallel != null && { parallel_tool_calls: parallel }),
  };
}

function chatTool(given: unknown, path: string[]) {
  const { type } = readPart(tool, given, path);
  if (type !== 'function')
    throw invalid(
      path.join('.'),
      `must be a function: the hub runs no ${type}, nor any tool of a vendor’s own`,
    );
  const { name, description, parameters, strict } = readPart(functionTool, given, path);
  const more = Object.entries({ description, parameters, strict }).filter(([, value]) => value != null);
  return { type, function: { name, ...Object.fromEntries(more) } };
}

function chatChoice(given: unknown) {
  const { data } = choice.safeParse(given);
  if (data === undefined)
    throw invalid('tool_choice', 'must be none, auto, required, a function or a list of allowed functions');
  if (typeof data === 'string') return data;
  if (data.type === 'function') return chatFunction(data);
  return {
    type: data.type,
    allowed_tools: { mode: data.mode, tools: data.tools.map(chatFunction) },
  };
}

const chatFunction = ({ name }: z.output<typeof named>) => ({ type: 'function', function: { name } });
