import type { CallContext, Asked } from '../completions/asked.ts';
import { httpOutlet, type Outlet } from '../completions/outlet.ts';
import type { Prepared } from '../completions/prepare.ts';
import { openMeter } from '../metering/meter.ts';
import { canonical } from './canonical.ts';
import { type KeptAnswer, tellAgain } from './kept-answer.ts';
import { recordAnswer } from './record-answer.ts';
import { NO_WISHES, type Wishes, wishesOf } from './wishes.ts';

/** Milliseconds that a provider is heard after the caller went away who will ask for the answer again. */
const HEAR_OUT = 5 * 60_000;

/** A call that its caller may make, before anybody is asked. */
export interface OpenCall {
  ctx: CallContext;
  asked: Asked;
  prepared: Prepared;
  /** Not the answer of the request over HTTP: its headers say nothing about this call. */
  outlet: Outlet | undefined;
}

/** How a call is served whose answer may be kept. */
export interface Way {
  outlet: Outlet;
  /** Milliseconds that a provider is heard after its caller went away. */
  patience: number;
  /** To be told before the end of an answer that is all that was asked for. */
  approve: () => void;
}

type Serve = (way: Way) => Promise<void>;

/** Answers a call with what is kept of an earlier one, or serves it and keeps what it answers: docs/kept-answers.md. */
export async function answerOnce(call: OpenCall, serve: Serve): Promise<void> {
  const { ctx, asked, prepared } = call;
  const outlet = call.outlet ?? httpOutlet(ctx.http.reply);
  const wishes = call.outlet ? NO_WISHES : wishesOf(ctx.http.request.headers);
  const way: Way = { outlet, patience: ctx.drainTimeout, approve: () => undefined };
  const cached = (kept: Way) => throughCache({ ctx, asked, prepared, wishes }, kept, serve);
  const { idempotencyKey: key } = wishes;
  if (key === undefined) return cached(way);
  const { request, headers } = asked;
  const begun = await ctx.keptAnswers.idempotency.begin({
    ...{ userId: ctx.actor.userId, door: doorOf(asked), key, request: canonical({ request, headers }) },
  });
  if ('answer' in begun) {
    outlet.note?.('idempotent-replayed', 'true');
    return tellAgain(outlet, begun.answer);
  }
  const recorder = recordAnswer(outlet, begun.claim.keep);
  try {
    await cached({ ...way, outlet: recorder.outlet, patience: HEAR_OUT });
  } finally {
    await recorder.told();
    await begun.claim.end();
  }
}

const doorOf = ({ format, service }: Asked) => `${format}:${service}`;

type CachedCall = Omit<OpenCall, 'outlet'> & { wishes: Wishes };

/** Only for keys whose owner wants it. */
async function throughCache(call: CachedCall, way: Way, serve: Serve): Promise<void> {
  const { ctx, wishes } = call;
  const { cache } = ctx.keptAnswers;
  if (!cache || !ctx.actor.cacheAnswers || wishes.noStore) return serve(way);
  const slot = cache.slot(ctx.actor.userId, dependsOn(call));
  const kept = wishes.noCache ? undefined : await slot.find();
  way.outlet.note?.('x-hub-cache', kept ? 'hit' : 'miss');
  if (kept) return tellCached(call, way.outlet, kept);
  let isApproved = false;
  const recorder = recordAnswer(way.outlet, async (answer) => {
    if (isApproved) await slot.keep(answer);
  });
  try {
    await serve({ ...way, outlet: recorder.outlet, approve: () => (isApproved = true) });
  } finally {
    await recorder.told();
  }
}

/** All that an answer depends on: also who is asked for it, and by what name. */
const dependsOn = ({ asked, prepared: { model, offers } }: CachedCall): string =>
  canonical({
    door: doorOf(asked),
    request: asked.request,
    headers: asked.headers,
    model: model.id,
    offers: offers.map(({ provider: { name, format }, upstreamId }) => ({ name, format, upstreamId })),
  });

/** It costs nothing, and is a call like others otherwise: a frozen account gets none, and its usage has a row. */
async function tellCached({ ctx, asked, prepared }: CachedCall, outlet: Outlet, answer: KeptAnswer) {
  const meter = await openMeter(ctx.ledger, {
    actor: ctx.actor,
    requestId: ctx.requestId,
    service: asked.service,
    model: prepared.model.id,
    price: { ...prepared.price, inputMicroPerMillion: 0, outputMicroPerMillion: 0, unitMicro: 0 },
    ...{ promptTokens: 0, maxOutputTokens: 0, choices: 0, units: 0 },
    onSettled: () => undefined,
  });
  meter.settle({ promptTokens: 0, completionTokens: 0, tokenSource: 'cached', status: 'ok' });
  await tellAgain(outlet, answer);
}
