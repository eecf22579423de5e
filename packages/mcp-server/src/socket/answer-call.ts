import type { SocketCall, SocketUsage } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import type { Bill } from '../metering/meter.ts';
import { askModel } from './ask-model.ts';
import { hearAnswer } from './hear-answer.ts';
import type { Line } from './line.ts';
import type { Send } from './sender.ts';

/** Tells what ended a call before its own end, and what it cost until then. */
export type Fail = (thrown: unknown, usage?: SocketUsage) => Promise<void>;

/** Serves one call to its last message, with what it cost. */
export async function answerCall(
  ctx: CallContext,
  call: SocketCall,
  line: Line,
  { send, fail }: { send: Send; fail: Fail },
): Promise<void> {
  const { id } = call;
  const heard = hearAnswer(call, async (data) => {
    if (!line.left()) await send({ id, type: 'chunk', data });
  });
  let usage: SocketUsage | undefined;
  const billed = (bill: Bill) => {
    usage = usageOf(bill);
  };
  try {
    await askModel(ctx, call, { ...heard.outlet, onLeft: line.onLeft, billed });
    const failure = heard.failure();
    if (failure) throw failure;
    const data = line.left() ? { finishReason: 'cancelled' } : heard.data();
    await send({ id, type: 'done', data, usage });
  } catch (thrown) {
    await fail(thrown, usage);
  }
}

const usageOf = ({ promptTokens, completionTokens, chargeMicro }: Bill): SocketUsage => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
  creditsMicro: chargeMicro,
});
