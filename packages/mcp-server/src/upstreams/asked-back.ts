import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type ClientCapabilities,
  type ClientContext,
  ProtocolError,
  ProtocolErrorCode,
  type Request,
} from '@modelcontextprotocol/client';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { ClientRefusal } from '../client-sessions/questions.ts';
import type { Answer, Question } from './connection.ts';
import type { UpstreamSettings } from './upstream.ts';

/** The question in whose answer something was said; over HTTP each has a stream of its own. */
const asking = new AsyncLocalStorage<Question>();

/** Runs a question; what its server says in the answer is known to belong to it. */
export const inAnswerTo = <T>(question: Question, run: () => Promise<T>): Promise<T> =>
  asking.run(question, run);

/** What a server may ask back in the middle of (MCP 2026-07-28, multi round-trip requests). */
const ASK_BACK = new Set(['tools/call', 'prompts/get', 'resources/read']);

/**
 * What a server of 2025 is told that it may ask, once for all calls. Roots belong to a conversation, and servers keep them:
 * they are asked for where it is one person's.
 */
export function askable({ transport, perPerson }: UpstreamSettings): ClientCapabilities {
  if (transport.kind === 'stdio' && !perPerson) return {};
  return { elicitation: { form: {}, url: {} }, sampling: {}, ...(perPerson && { roots: {} }) };
}

/**
 * The call that a server asks back about. A child says everything in one stream: there it is known where the conversation
 * is one person's, and one call of theirs is under way.
 */
function whoseCall(
  { transport, perPerson }: UpstreamSettings,
  underWay: ReadonlySet<Question>,
): Question | undefined {
  const calls = [...underWay].filter(({ method }) => ASK_BACK.has(method));
  if (transport.kind === 'http') return calls.find((one) => one === asking.getStore());
  return perPerson && calls.length === 1 ? calls[0] : undefined;
}

/** Answers what a server asks, by whoever made the call; rejects in words for the server. */
export const answerServer =
  (settings: UpstreamSettings, underWay: ReadonlySet<Question>) =>
  async ({ method, params = {} }: Request, { mcpReq }: ClientContext): Promise<Answer> => {
    const { InvalidRequest, InternalError } = ProtocolErrorCode;
    const { _meta: _theirs, ...asked } = params;
    const isTold = method !== 'roots/list' || settings.perPerson;
    const call = isTold ? whoseCall(settings, underWay) : undefined;
    if (!call?.onAsked)
      throw new ProtocolError(InvalidRequest, 'Nobody can be asked in the middle of this call');
    try {
      return await call.onAsked({ method, params: asked }, AbortSignal.any([call.signal, mcpReq.signal]));
    } catch (error) {
      if (error instanceof ClientRefusal) throw new ProtocolError(error.code, error.message, error.data);
      throw new ProtocolError(
        InternalError,
        error instanceof DomainError ? error.message : 'It was not answered',
      );
    }
  };
