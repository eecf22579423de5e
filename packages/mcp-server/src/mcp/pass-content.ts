import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Request, Result, ServerCapabilities } from '@modelcontextprotocol/server';
import type { CallContext } from '../completions/asked.ts';
import type { KeptUpstream } from '../upstreams/kept-upstreams.ts';
import type { McpCall } from './call-client.ts';
import { failureOf, wordsOf } from './call-tool.ts';
import { nameCall } from './confirm-call.ts';
import { questionOf } from './question-of.ts';
import { askThrough, inRounds, roundBefore } from './rounds.ts';

interface Passing {
  ctx: CallContext;
  kept: KeptUpstream;
  request: Request;
  call: McpCall;
}

/**
 * What is asked of prompts and resources: handed to their server as it is, and its answer handed on, for this person
 * alone to keep. Rejects with the server's own refusal, and with a code of the hub where it failed.
 */
export async function passContent({ ctx, kept, request, call }: Passing): Promise<Result> {
  const { method, params: { _meta: _known, ...params } = {} } = request;
  const named = nameCall(method, params);
  const pass = async (asked: McpCall) => {
    const round = { ctx, call: asked, named, name: method };
    const before = await roundBefore(round);
    const question = questionOf({ method, params, call: asked }, before);
    const answer = await askThrough(round, before, (over) =>
      kept.upstream.ask(ctx.actor.userId, { ...question, ...over }),
    );
    return 'cacheScope' in answer ? { ...answer, cacheScope: 'private' } : answer;
  };
  return asWords({ ctx, signal: call.mcpReq.signal }, method, () => inRounds({ name: method, call }, pass));
}

/** What goes wrong at the hub is an error of the protocol; what a server refused passes in its own words. */
export async function asWords<T>(
  { ctx, signal }: { ctx: CallContext; signal: AbortSignal },
  method: string,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    const error = failureOf({ ...ctx, signal }, method, thrown);
    const data = { code: error.code, requestId: ctx.requestId };
    const { InvalidParams, InternalError } = ProtocolErrorCode;
    const code = error.code === 'invalid-request' ? InvalidParams : InternalError;
    throw new ProtocolError(code, wordsOf(error, ctx.requestId), data);
  }
}

/** What of prompts and resources a server has; changes of lists are told to nobody. Nothing while it cannot be asked. */
export async function contentCapabilities(
  { ctx, kept }: Pick<Passing, 'ctx' | 'kept'>,
  signal: AbortSignal,
): Promise<ServerCapabilities> {
  const found = await kept.upstream.capabilities(ctx.actor.userId, signal).catch((error: unknown) => {
    ctx.logger.warn('a server did not say what it has', { server: kept.server.name, error });
  });
  return {
    ...(found?.prompts && { prompts: { listChanged: false } }),
    ...(found?.resources && {
      resources: { listChanged: false, subscribe: found.resources.subscribe === true },
    }),
    ...(found?.completions && { completions: {} }),
  };
}
