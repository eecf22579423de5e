import { tokenUsage } from '@smart-ai-hub/shared/contracts';

export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

/** Usage in OpenAI's format, where the provider reports one that makes sense. */
export function usageOf(answer: object): Usage | undefined {
  const usage: unknown = Reflect.get(answer, 'usage');
  if (usage == null) return undefined; // as in all parts of a stream but one
  const parsed = tokenUsage.safeParse(usage);
  if (!parsed.success) return undefined;
  return { promptTokens: parsed.data.prompt_tokens, completionTokens: parsed.data.completion_tokens };
}

/** True for the part of a stream that says why a choice ended. */
export function finishes(part: object): boolean {
  const choices: unknown = Reflect.get(part, 'choices');
  if (!Array.isArray(choices)) return false;
  return choices.some(
    (choice: unknown) =>
      typeof choice === 'object' && choice !== null && Reflect.get(choice, 'finish_reason') != null,
  );
}

/** All text of an answer or a part of one: content, reasoning, refusals, tool calls; over all choices. */
export function textOf(answer: object): string {
  const choices: unknown = Reflect.get(answer, 'choices');
  if (!Array.isArray(choices)) return '';
  return choices.map((choice: unknown) => choiceText(choice)).join('');
}

function choiceText(choice: unknown): string {
  if (typeof choice !== 'object' || choice === null) return '';
  const message: unknown = Reflect.get(choice, 'delta') ?? Reflect.get(choice, 'message');
  if (typeof message !== 'object' || message === null) return '';
  const {
    content,
    reasoning_content: thought,
    reasoning,
    refusal,
    tool_calls: calls,
  }: Partial<Record<string, unknown>> = message;
  const texts = [content, thought, reasoning, refusal].filter((text) => typeof text === 'string');
  return texts.join('') + (Array.isArray(calls) ? calls.map(callText).join('') : '');
}

function callText(call: unknown): string {
  const inner: unknown =
    typeof call === 'object' && call !== null ? Reflect.get(call, 'function') : undefined;
  if (typeof inner !== 'object' || inner === null) return '';
  const { name, arguments: args }: { name?: unknown; arguments?: unknown } = inner;
  return [name, args].filter((text) => typeof text === 'string').join('');
}

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // not JSON: the caller decides what that means
  }
}
