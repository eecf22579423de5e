import type { Result } from '@modelcontextprotocol/server';
import type { DomainError, ProblemCode } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import type { Tool, ToolContext } from './tool.ts';

/** Calls a tool; what went wrong is an answer too, which the model that called can read. */
export const callTool = (ctx: ToolContext, tool: Tool, input: unknown): Promise<Result> =>
  orItsFailure(ctx, tool.name, async () => {
    const { structured, text } = await tool.answer(ctx, input);
    return { content: [{ type: 'text', text }], structuredContent: structured };
  });

/** What is known of a call that failed: `signal` is that of its caller, who may have left it. */
type Ending = CallContext & { signal: AbortSignal };

/** The answer of a call, or what went wrong in words; only what a tool's own server refuses is refused here too. */
export async function orItsFailure(ctx: Ending, name: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    const error = failureOf(ctx, name, thrown);
    return { content: [{ type: 'text', text: wordsOf(error, ctx.requestId) }], isError: true };
  }
}

/** What went wrong; throws again what a server refused in its own words, and what nobody hears any more. */
export function failureOf(ctx: Ending, name: string, thrown: unknown): DomainError {
  if (thrown instanceof UpstreamRefusal || ctx.signal.aborted) throw thrown;
  const error = ctx.http.request.server.toDomainError(thrown);
  if (error.code === 'internal-error') ctx.logger.error('a tool failed', { tool: name, error: error.cause });
  return error;
}

/** What to do, where a code alone does not tell. */
const ADVICE: Partial<Record<ProblemCode, string>> = {
  'step-up-required':
    'A tool cannot ask for the password: confirm who you are on the pages of the hub and call again within 10 minutes, or call with an API key that has this permission.',
  'email-not-verified': 'This is done on the pages of the hub.',
};

/** The code, then words: what is wrong, where, and what to do. */
export function wordsOf({ code, message, errors = [], retryAfter }: DomainError, requestId: string): string {
  const sentences = [
    `${code}: ${message}`,
    ...errors.map(({ path, message: wrong }) => `${path}: ${wrong}`),
    ADVICE[code],
    retryAfter !== undefined && `Try again in ${Math.ceil(retryAfter)} s.`,
    `Request ${requestId}.`,
  ];
  return sentences.filter(Boolean).join('\n');
}
