import type { Result } from '@modelcontextprotocol/server';
import { DomainError, type Price } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import { type CallMeter, openCallMeter } from '../metering/call-meter.ts';
import type { Answer, Question } from '../upstreams/question.ts';
import { paramHeaders } from '../upstreams/param-headers.ts';
import { canAnswer, type McpCall } from './call-client.ts';
import { agreementIn, asksFirst, askAgreement, cannotAsk, nameCall, roundStates } from './confirm-call.ts';
import type { PassedTool } from './passed-tools.ts';
import { questionOf } from './question-of.ts';
import { askThrough, roundBefore } from './rounds.ts';

export interface Passing {
  ctx: CallContext;
  passed: PassedTool;
  args: unknown;
  call: McpCall;
}

/**
 * A call of another server's tool: agreed to where that is asked for, paid for, made only while the tool is what was
 * approved, and its answer handed on as it came. Rejects where it cannot be made, and with the server's own refusal.
 */
export async function passCall({ ctx, passed, args, call }: Passing): Promise<Result> {
  const { tool, kept, name } = passed;
  const model = `tool:${tool.callName}`;
  const price = await ctx.priceOf(model);
  const round = { ctx, call, name, named: nameCall(name, args) };
  const before = await roundBefore(round);
  const agreed = before !== undefined && (before.agreed || agreementIn(call));
  if (asksFirst(tool, price) && !agreed) {
    if (!canAnswer(call.client)) throw cannotAsk(name, price);
    return askAgreement(name, price, await roundStates(ctx).mint({ call: round.named, agreed: false }, call));
  }
  await requireApproved(ctx, passed);
  const params = { name: tool.name, ...(args !== undefined && { arguments: args }) };
  const headers = paramHeaders(tool.definition.inputSchema, args);
  const asked = { ...questionOf({ method: 'tools/call', params, call }, before), headers };
  return askThrough(round, before, async (over) => {
    const meter = await openMeterFor(ctx, model, price);
    return metered(meter, { ...asked, ...over }, (question) => kept.upstream.ask(ctx.actor.userId, question));
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
  question: Question,
  ask: (question: Question) => Promise<Answer>,
): Promise<Answer> {
  const server = { isAtWork: false };
  const onBegun = () => {
    server.isAtWork = true;
  };
  try {
    const answer = await ask({ ...question, onBegun });
    if (answer['resultType'] !== 'input_required') meter?.settle('ok');
    return answer;
  } catch (error) {
    if (question.signal.aborted && server.isAtWork) meter?.settle('client-closed');
    throw error;
  } finally {
    meter?.release();
  }
}
