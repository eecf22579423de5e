import type { Result, ServerContext } from '@modelcontextprotocol/server';
import { DomainError, type Price } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/serve-call.ts';
import { type CallMeter, openCallMeter } from '../metering/call-meter.ts';
import type { Answer, Question } from '../upstreams/connection.ts';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import { agreementIn, asksFirst, askAgreement, cannotAsk, nameCall, roundStates } from './confirm-call.ts';
import type { RoundState } from './confirm-call.ts';
import type { PassedTool } from './passed-tools.ts';
import { canBeAsked } from './envelope.ts';
import { questionOf } from './question-of.ts';

export interface Passing {
  ctx: CallContext;
  passed: PassedTool;
  args: unknown;
  call: ServerContext;
}

/**
 * A call of another server's tool: agreed to where that is asked for, paid for, made only while the tool is what was
 * approved, and its answer handed on as it came. Rejects where it cannot be made, and with the server's own refusal.
 */
export async function passCall(passing: Passing): Promise<Result> {
  const { ctx, passed, args, call } = passing;
  const { tool, kept, name } = passed;
  const model = `tool:${tool.callName}`;
  const price = await ctx.priceOf(model);
  const named = nameCall(name, args);
  const before = await roundBefore(passing);
  if (before && before.call !== named)
    throw new DomainError('invalid-request', { detail: 'this is the answer to another call' });
  const agreed = before !== undefined && (before.agreed || agreementIn(call));
  if (asksFirst(tool, price) && !agreed) {
    if (!canBeAsked(call)) throw cannotAsk(name, price);
    return askAgreement(name, price, await roundStates(ctx).mint({ call: named, agreed: false }, call));
  }
  await requireApproved(ctx, passed);
  const meter = await openMeterFor(ctx, model, price);
  const question = questionOf(passing, before);
  const answer = await metered(meter, question, () => kept.upstream.ask(ctx.actor.userId, question));
  if (answer['resultType'] !== 'input_required') return answer;
  if (!canBeAsked(call)) throw cannotAnswer(name);
  const server = answer['requestState'];
  const state = { call: named, agreed: true, ...(typeof server === 'string' && { server }) };
  return { ...answer, requestState: await roundStates(ctx).mint(state, call) };
}

/** What this caller carried here from the last round; rejects with `-32602` for what the hub did not sign for them. */
async function roundBefore({ ctx, call }: Passing): Promise<RoundState | undefined> {
  const carried = call.mcpReq.requestState<string>();
  if (carried === undefined) return undefined;
  return roundStates(ctx)
    .verify(carried, call)
    .catch((cause: unknown) => {
      const data = { reason: 'invalid_request_state' };
      ctx.logger.debug('a state that the hub did not sign', { error: cause });
      throw new UpstreamRefusal({ code: -32_602, message: 'Invalid or expired requestState', data });
    });
}

/** A definition that is not the one that was approved is not called, whatever is listed. */
async function requireApproved({ actor }: CallContext, { tool, kept, name }: PassedTool): Promise<void> {
  const { tools } = await kept.upstream.tools(actor.userId);
  if (tools.some((one) => one.name === tool.name && one.hash === tool.hash)) return;
  throw new DomainError('mcp-tool-changed', {
    detail: `${name} is not what was approved any more: an administrator has to look at it`,
  });
}

const openMeterFor = async (
  { ledger, actor, requestId }: CallContext,
  model: string,
  price: Price | undefined,
): Promise<CallMeter | undefined> => price && openCallMeter(ledger, { actor, requestId, model, price });

/** What its server answered is paid, and what it was asked while the caller left; nothing else is. */
async function metered(
  meter: CallMeter | undefined,
  { signal }: Question,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await ask();
    if (answer['resultType'] !== 'input_required') meter?.settle('ok');
    return answer;
  } catch (error) {
    if (signal.aborted) meter?.settle('client-closed');
    throw error;
  } finally {
    meter?.release();
  }
}

const cannotAnswer = (name: string): DomainError =>
  new DomainError('forbidden', {
    detail: `${name} asks something back, and this client cannot be asked: call with one that speaks revision 2026-07-28`,
  });
