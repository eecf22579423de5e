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
import type { Answer, Question } from './question.ts';
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

/** Whose question a server is at work on when it says something; a child has one stream for all: there the only one's. */
export function whoseWork(
  { transport }: Pick<UpstreamSettings, 'transport'>,
  underWay: Iterable<Question>,
): Question | undefined {
  const questions = [...underWay];
  const answered = asking.getStore();
  if (transport.kind === 'http') return questions.find((one) => one === answered);
  return questions.length === 1 ? questions[0] : undefined;
}

/** The call that a server asks back about; of a child, where the conversation is one person's. */
function whoseCall(settings: UpstreamSettings, underWay: ReadonlySet<Question>): Question | undefined {
  const calls = [...underWay].filter(({ method }) => ASK_BACK.has(method));
  const isKnown = settings.transport.kind === 'http' || settings.perPerson;
  return isKnown ? whoseWork(settings, calls) : undefined;
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
