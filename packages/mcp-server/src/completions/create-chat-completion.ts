import type { ChatRequest } from '@smart-ai-hub/shared/contracts';
import { type ActorContext, openAiError } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { type Measured, type Meter, openMeter } from '../metering/meter.ts';
import { countTokens } from '../metering/tokens.ts';
import type { ProviderAnswer } from '../providers/provider.ts';
import { readCompletion } from './read-completion.ts';
import { passRefusal } from './pass-refusal.ts';
import { type ClientWatch, watchClient } from './client-watch.ts';
import { eventSink } from './event-sink.ts';
import { type Prepared, prepare, upstreamBody } from './prepare.ts';
import { relayStream } from './relay-stream.ts';

type ChatContext = McpDeps & ActorContext;

/** One call on its way: everything that its endings need. */
interface Call {
  ctx: ChatContext;
  request: ChatRequest;
  prepared: Prepared;
  meter: Meter;
  client: ClientWatch;
}

/**
 * A metered chat: hold the price, ask the provider, pass the answer on, charge what was used. Each way to
 * end, and what it costs, stands in docs/metering.md; each has its test.
 */
export async function createChatCompletion(ctx: ChatContext, request: ChatRequest): Promise<void> {
  await ctx.tokenLimit.check(ctx.actor);
  const prepared = await prepare(ctx, request);
  const meter = await openMeter(ctx.ledger, {
    ...prepared,
    actor: ctx.actor,
    requestId: ctx.requestId,
    service: 'chat',
    model: prepared.model.id,
    onSettled: (tokens) => {
      ctx.tokenLimit.count(ctx.actor, tokens);
    },
  });
  const client = watchClient(ctx.http.reply.raw, ctx.drainTimeout);
  try {
    if (!client.left()) await answer({ ctx, request, prepared, meter, client });
  } finally {
    client.stop();
    meter.release(); // whatever was not settled by now costs nothing
  }
}

async function answer(call: Call): Promise<void> {
  const { ctx, request, prepared, meter, client } = call;
  const { provider } = prepared.model;
  try {
    const reply = await provider.chat(upstreamBody(request, prepared, meter.maxOutputTokens), client.signal);
    if (reply.status >= 400) await passRefusal(ctx.http.reply, reply, provider.name);
    else if (request.stream) await answerStream(call, reply);
    else await answerPlain(call, reply);
  } catch (error) {
    if (!client.left()) throw error;
    meter.settle(counted(prepared, 0, 'client-closed'));
  }
}

async function answerPlain({ ctx, prepared, meter, client }: Call, reply: ProviderAnswer): Promise<void> {
  const { text, usage, said } = await readCompletion(reply, prepared.model.provider.name);
  const status = client.left() ? 'client-closed' : 'ok';
  meter.settle(
    usage
      ? { ...usage, tokenSource: 'reported', status }
      : counted(prepared, await countTokens(said, meter.maxOutputTokens * prepared.choices), status),
  );
  await ctx.http.reply.type('application/json; charset=utf-8').send(text);
}

async function answerStream(
  { ctx, request, prepared, meter, client }: Call,
  reply: ProviderAnswer,
): Promise<void> {
  const sink = eventSink(ctx.http.reply);
  const showUsage = request.stream_options?.include_usage === true;
  const { text, usage, failure } = await relayStream(reply, prepared.model.provider.name, sink, showUsage);
  if (failure && !sink.begun) throw failure;
  const status = client.left() ? 'client-closed' : failure ? 'provider-error' : 'ok';
  meter.settle(
    usage
      ? { ...usage, tokenSource: 'reported', status }
      : counted(prepared, await countTokens(text, meter.maxOutputTokens * prepared.choices), status),
  );
  if (failure && !client.left()) await sink.write(`data: ${JSON.stringify(openAiError(failure))}\n\n`);
  sink.end();
}

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
