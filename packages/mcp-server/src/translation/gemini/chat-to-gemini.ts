import type { ChatBody } from '../../providers/provider.ts';
import { expectOneAnswer, jsonFormat, numberOf, said, stopTexts } from '../chat-fields.ts';
import { toolSettings, type ToolSettings } from '../chat-tools.ts';
import { conversationOf } from './contents.ts';
import { thinkingConfig } from './gemini-thinking.ts';

/**
 * A request of https://platform.openai.com/docs/api-reference/chat/create as one of
 * https://ai.google.dev/api/generate-content, which has model and stream in its address. Settings that only OpenAI
 * knows are left out; content that cannot be said is the caller's mistake.
 */
export function chatToGemini(body: ChatBody): ChatBody {
  expectOneAnswer(body);
  const { system, contents } = conversationOf(body);
  return {
    model: body['model'],
    stream: body.stream === true,
    contents,
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...toolFields(toolSettings(body)),
    generationConfig: generationConfig(body),
  };
}

/** https://ai.google.dev/api/generate-content#generationconfig */
function generationConfig(body: ChatBody): Record<string, unknown> {
  const json = jsonFormat(body['response_format']);
  const stopSequences = stopTexts(body['stop']).filter((text) => text !== '');
  return said({
    maxOutputTokens: numberOf(body, 'max_tokens'),
    temperature: numberOf(body, 'temperature'),
    topP: numberOf(body, 'top_p'),
    topK: numberOf(body, 'top_k'),
    seed: numberOf(body, 'seed'),
    presencePenalty: numberOf(body, 'presence_penalty'),
    frequencyPenalty: numberOf(body, 'frequency_penalty'),
    stopSequences: stopSequences.length > 0 ? stopSequences : undefined,
    responseMimeType: json && 'application/json',
    responseJsonSchema: json?.schema,
    thinkingConfig: thinkingConfig(body),
  });
}

const MODES = { auto: 'AUTO', any: 'ANY', tool: 'ANY', none: 'NONE' };

/** https://ai.google.dev/gemini-api/docs/function-calling; it cannot be told to call one at a time. */
function toolFields({ tools, tool_choice: choice }: ToolSettings): object {
  if (!tools) return {};
  const functionDeclarations = tools.map(({ name, description, input_schema: parametersJsonSchema }) =>
    said({ name, description, parametersJsonSchema }),
  );
  const only = choice?.name === undefined ? {} : { allowedFunctionNames: [choice.name] };
  return {
    tools: [{ functionDeclarations }],
    ...(choice && { toolConfig: { functionCallingConfig: { mode: MODES[choice.type], ...only } } }),
  };
}
