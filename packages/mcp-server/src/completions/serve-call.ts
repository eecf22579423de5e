import { anthropicError, openAiError } from '@smart-ai-hub/shared/service';
import type { DomainError } from '@smart-ai-hub/shared/contracts';
import { type Measured, type Meter, openMeter } from '../metering/meter.ts';
import { countTokens } from '../metering/tokens.ts';
import { answerOnce, type Way } from '../kept-answers/answer-once.ts';
import { askInTurn } from '../providers/ask-in-turn.ts';
import { isProvidersFault } from '../providers/provider-failure.ts';
import type { ProviderAnswer } from '../providers/provider.ts';
import type { CallerFormat, Translation } from '../translation/translation.ts';
import type { Asked, CallContext } from './asked.ts';
import { type ClientWatch, watchClient } from './client-watch.ts';
import type { Usage } from './measure.ts';
import type { Outlet } from './outlet.ts';
import { passRefusal } from './pass-refusal.ts';
import { type OpenOffer, type Prepared, prepare } from './prepare.ts';
import { readCompletion } from './read-completion.ts';
import { wholeReaderOf } from './reader.ts';
import { relayStream } from './relay-stream.ts';

/** One call on its way: everything that its endings need. */
interface Call {
  ctx: CallContext;
  outlet: Outlet;
  approve: Way['approve'];
  asked: Asked;
  prepared: Prepared;
  meter: Meter;
  client: ClientWatch;
}

/** The same call at one of those who may answer it. */
interface Attempt extends Call {
  offer: OpenOffer;
  translation: Translation | undefined;
}

/**
 * A metered call: hold the price, ask one provider after the other until one answers, pass the answer on, charge what
 * was used. Each way to end, and what it costs, stands in docs/metering.md; each has its test.
 */
export async function serveCall(ctx: CallContext, asked: Asked, outlet?: Outlet): Promise<void> {
  await ctx.tokenLimit.check(ctx.actor);
  const prepared = await prepare(ctx, asked);
  await answerOnce({ ctx, asked, prepared, outlet }, (way) => meterCall(ctx, asked, prepared, way));
}

async function meterCall(ctx: CallContext, asked: Asked, prepared: Prepared, way: Way): Promise<void> {
  const { outlet, patience, approve } = way;
  const { model, price, promptTokens, maxOutputTokens, choices, units } = prepared;
  const meter = await openMeter(ctx.ledger, {
    actor: ctx.actor,
    requestId: ctx.requestId,
    service: asked.service,
    model: model.id,
    price,
    promptTokens,
    maxOutputTokens,
    choices,
    units,
    onSettled: (bill) => {
      ctx.tokenLimit.count(ctx.actor, bill.promptTokens + bill.completionTokens);
      outlet.billed?.(bill);
    },
  });
  const client = watchClient(outlet.onLeft, patience);
  try {
    await askEverybody({ ctx, outlet, approve, asked, prepared, meter, client });
  } finally {
    client.stop();
    meter.release(); // whatever was not settled by now costs nothing
  }
}

/** Until somebody answers; a caller who left while everybody was busy or failed is asked for no more. */
async function askEverybody(call: Call): Promise<void> {
  const { ctx, asked, prepared, client } = call;
  const facts = { model: prepared.model.id, promptTokens: prepared.promptTokens, request: asked.request };
  const attempt = async (offer: OpenOffer) => {
    if (client.left()) return;
    const translation = asked.translationOf(offer.provider.format, facts);
    await offer.provider.admit(() => answer({ offer, translation, ...call }), client.signal);
  };
  try {
    await askInTurn(prepared.offers, attempt, { ...ctx.patience, signal: client.signal });
  } catch (error) {
    if (!client.left()) throw error;
  }
}

async function answer(attempt: Attempt): Promise<void> {
  const { outlet, asked, prepared, meter, client, translation, offer } = attempt;
  const { provider } = offer;
  let reply: ProviderAnswer | undefined;
  try {
    const body = asked.bodyFor(offer, meter.maxOutputTokens);
    reply = await offer.ask(body, client.signal, translation ? undefined : asked.headers);
    if (reply.status >= 400) await passRefusal(outlet, reply, { provider, translation });
    else if (asked.isStream) await answerStream(attempt, reply);
    else await answerPlain(attempt, reply);
  } catch (error) {
    if (client.left()) meter.settle(counted(prepared, 0, 'client-closed'));
    else {
      if (reply && isProvidersFault(error)) provider.brokeOff();
      throw error;
    }
  }
}

async function answerPlain(attempt: Attempt, reply: ProviderAnswer): Promise<void> {
  const { ctx, outlet, asked, client, translation, offer } = attempt;
  const { name, format } = offer.provider;
  const reader = wholeReaderOf(format, asked.service);
  const seat = ctx.answerRoom.enter();
  try {
    const take = (bytes: number) => seat.take(bytes, client.signal);
    const { text, ...heard } = await readCompletion(reply, name, reader, take);
    const told = translation ? translation.whole(text) : text;
    await settle(attempt, { status: client.left() ? 'client-closed' : 'ok', ...heard });
    await outlet.whole(told); // until its caller has taken it
  } finally {
    seat.leave();
  }
}

async function answerStream(attempt: Attempt, reply: ProviderAnswer): Promise<void> {
  const { ctx, outlet, asked, client, translation, offer } = attempt;
  const { provider } = offer;
  const sink = outlet.events();
  const translator = translation?.events();
  const { text, usage, images, failure } = await relayStream(reply, {
    provider,
    service: asked.service,
    sink,
    translator,
    showUsage: asked.showUsage,
    room: ctx.answerRoom,
    signal: client.signal,
  });
  if (failure && !sink.hasBegun()) throw failure;
  const isBroken = failure !== undefined && !client.left();
  if (isBroken) provider.brokeOff();
  const status = client.left() ? 'client-closed' : failure ? 'provider-error' : 'ok';
  await settle(attempt, { usage, said: text, images, status });
  if (isBroken)
    await sink.write(translator?.fail?.(failure) ?? failureEvent(asked.format, failure, ctx.requestId));
  sink.end();
}

interface Heard {
  /** Where the provider reports it; else what was said is counted. */
  usage: Usage | undefined;
  said: string;
  images?: number;
  status: Measured['status'];
}

async function settle(call: Call, heard: Heard): Promise<void> {
  const { meter, prepared, approve } = call;
  const { usage, said, images: units = 0, status } = heard;
  const { choices } = prepared;
  const isCapped = choices > 0 && meter.maxOutputTokens * choices < prepared.maxOutputTokens;
  if (status === 'ok' && !isCapped) approve();
  const measured: Measured = usage
    ? { tokenSource: 'reported', status, ...usage }
    : counted(prepared, await countTokens(said, meter.maxOutputTokens * choices), status);
  meter.settle({ units, ...measured });
}

/** In mid-stream, where a status was sent already. */
const failureEvent = (format: CallerFormat, error: DomainError, requestId: string): string =>
  format === 'anthropic'
    ? `event: error\ndata: ${JSON.stringify(anthropicError(error, requestId))}\n\n`
    : `data: ${JSON.stringify(openAiError(error))}\n\n`;

const counted = (
  { promptTokens }: Prepared,
  completionTokens: number,
  status: Measured['status'],
): Measured => ({
  promptTokens,
  completionTokens,
  tokenSource: 'counted',
  status,
});
