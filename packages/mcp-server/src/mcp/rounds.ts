import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isInputRequiredResult, type Result } from '@modelcontextprotocol/server';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import type { Answer, AskBack } from '../upstreams/question.ts';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import type { Run } from '../client-sessions/held-call.ts';
import { ClientRefusal } from '../client-sessions/questions.ts';
import { canAnswer, cannotAnswer, type McpCall } from './call-client.ts';
import { type RoundState, roundStates } from './confirm-call.ts';

/** One of the rounds in which something is asked of a server that may ask back. */
export interface Round {
  ctx: CallContext;
  call: McpCall;
  /** What is asked, told apart from everything else (`nameCall`). */
  named: string;
  /** As its caller knows it. */
  name: string;
}

/**
 * What this caller carried here from the last round. Rejects with `-32602` for what the hub did not sign for them, and
 * with `invalid-request` for what belongs to another call.
 */
export async function roundBefore({ ctx, call, named }: Round): Promise<RoundState | undefined> {
  const carried = call.mcpReq.requestState<string>();
  if (carried === undefined) return undefined;
  const before = await roundStates(ctx)
    .verify(carried, call)
    .catch((cause: unknown) => {
      const data = { reason: 'invalid_request_state' };
      ctx.logger.debug('a state that the hub did not sign', { error: cause });
      throw new UpstreamRefusal({ code: -32_602, message: 'Invalid or expired requestState', data });
    });
  if (before.call === named) return before;
  throw new DomainError('invalid-request', { detail: 'this is the answer to another call' });
}

/**
 * Asks a server, whose client can be asked meanwhile: over its session, or by a call that is held until it comes back with
 * the answer. `run` begins one; of a call that is held it is not run again.
 */
export async function askThrough(round: Round, before: RoundState | undefined, run: Run): Promise<Result> {
  const { ctx, call } = round;
  const { client, mcpReq } = call;
  const { userId: owner } = ctx.actor;
  if (!client.comesBack)
    return carryOn(round, await run({ signal: mcpReq.signal, onAsked: client.ask ?? nobody }));
  const begin: Run = ({ onAsked, ...over }) =>
    run({
      ...over,
      onAsked: (question, signal) =>
        canAnswer(client, question.method) ? onAsked(question, signal) : nobody(),
    });
  const responses = mcpReq.inputResponses ?? {};
  const outcome =
    before?.held === undefined
      ? await ctx.heldCalls.begin(owner, mcpReq.signal, begin)
      : await ctx.heldCalls.resume({ id: before.held, owner, responses }, mcpReq.signal);
  if ('answer' in outcome) return carryOn(round, outcome.answer);
  const state = { call: round.named, agreed: true, held: outcome.id };
  const requestState = await roundStates(ctx).mint(state, call);
  return { resultType: 'input_required', inputRequests: outcome.asked, requestState };
}

const nobody = () => Promise.reject(cannotAnswer());

/** An answer as its caller gets it: where the server asks back, its own state travels within the hub's. */
async function carryOn({ ctx, call, named, name }: Round, answer: Answer): Promise<Result> {
  if (answer['resultType'] !== 'input_required') return answer;
  if (!canAnswerAll(call, answer)) throw asksBack(name);
  const server = answer['requestState'];
  const state = { call: named, agreed: true, ...(typeof server === 'string' && { server }) };
  return { ...answer, requestState: await roundStates(ctx).mint(state, call) };
}

const question = z.looseObject({ method: z.string(), params: z.looseObject({}).default({}) });
const questions = z.record(z.string(), question).default({});

/** True where a client said of everything that it is asked that it can answer it. */
function canAnswerAll({ client }: McpCall, answer: Answer): boolean {
  const { data: asked } = questions.safeParse(answer['inputRequests']);
  return asked !== undefined && Object.values(asked).every(({ method }) => canAnswer(client, method));
}

/** Rounds of one call, and milliseconds before one in which nobody is asked anything. */
const MOST_ROUNDS = 8;
const PAUSE = 250;

/**
 * All rounds of a call whose client is asked over its session, in the middle of it; one round where the client comes back
 * with the answers by itself. Rejects with `forbidden` where it refuses, or where there is no end of questions.
 */
export async function inRounds(
  { name, call }: Pick<Round, 'name' | 'call'>,
  pass: (call: McpCall) => Promise<Result>,
): Promise<Result> {
  const { ask } = call.client;
  let result = await pass(call);
  for (let rounds = 1; ask && isInputRequiredResult(result); rounds++) {
    if (rounds === MOST_ROUNDS) throw new DomainError('forbidden', { detail: `${name} asks without an end` });
    const asked = questions.parse(result.inputRequests);
    const inputResponses = await askAll(asked, ask, call.mcpReq.signal).catch(inWords(name));
    if (Object.keys(asked).length === 0) await delay(PAUSE, undefined, { signal: call.mcpReq.signal });
    const state = result.requestState;
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- so the library has it: whoever reads says what it is
    const requestState = <T>() => state as T;
    const mcpReq = { ...call.mcpReq, inputResponses, requestState };
    result = await pass({ ...call, mcpReq });
  }
  return result;
}

type Asked = z.output<typeof question>;

async function askAll(
  asked: Record<string, Asked>,
  ask: AskBack,
  signal: AbortSignal,
): Promise<Record<string, Answer>> {
  const round = new AbortController();
  const askOne = async ([key, question]: [string, Asked]): Promise<[string, Answer]> => {
    const { method, params } = question;
    const named = params['mode'] === 'url' ? { elicitationId: randomUUID(), ...params } : params;
    return [key, await ask({ method, params: named }, AbortSignal.any([signal, round.signal]))];
  };
  try {
    return Object.fromEntries(await Promise.all(Object.entries(asked).map(askOne)));
  } finally {
    round.abort(new Error('it is over')); // where one is refused, nobody waits for the others
  }
}

/** What a client says of a question is for whoever asked it; here it ends the call. */
const inWords = (name: string) => (error: unknown) => {
  if (!(error instanceof ClientRefusal)) throw error;
  throw new DomainError('forbidden', {
    detail: `${name} asked something back: ${error.message}`,
    cause: error,
  });
};

const asksBack = (name: string): DomainError =>
  new DomainError('forbidden', {
    detail: `${name} asks something back that this client cannot be asked: it has not said that it can answer that`,
  });
