import { DomainError, type Price } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { AUTO_MODEL } from '../providers/catalogue.ts';
import { lackOf } from '../providers/fit.ts';
import type { AskProvider, Model, Offer } from '../providers/provider.ts';
import { chooseModel } from './choose-model.ts';
import { openModel } from './open-model.ts';
import type { Asked } from './asked.ts';

/** An offer of what is asked for. */
export interface OpenOffer extends Offer {
  ask: AskProvider;
}

/** A call understood: who answers it, at what price, and how large it may get. */
export interface Prepared {
  model: Model;
  /** Those of its providers who can do such a call, in the order in which they are asked. */
  offers: OpenOffer[];
  price: Price;
  promptTokens: number;
  choices: number;
  /** Images wished for. */
  units: number;
  /** Output tokens wished for, over all choices. */
  maxOutputTokens: number;
}

/**
 * Finds model and price and counts the prompt; rejects with `model-not-found`, and with `invalid-request` where none of
 * the model's providers can do what is asked for.
 */
export async function prepare(ctx: McpDeps & ActorContext, asked: Asked): Promise<Prepared> {
  const { choices, images: units = 0, maxOutputTokens } = asked;
  const { model, price, offers, promptTokens } = await resolve(ctx, asked);
  const limit = maxOutputTokens ?? model.maxOutputTokens;
  const wished = limit * (choices || units);
  return { model, offers, price, promptTokens, choices, units, maxOutputTokens: wished };
}

/** Which model is meant has to be known before its prompt is counted, and the other way round where any will do. */
async function resolve(ctx: McpDeps & ActorContext, asked: Asked) {
  if (asked.model === AUTO_MODEL) {
    const promptTokens = await asked.countPrompt();
    const chosen = await chooseModel(ctx, { ...asked, promptTokens });
    return { offers: offersFor(chosen.model, asked), promptTokens, ...chosen };
  }
  const named = await openModel(ctx, asked.model);
  const offers = offersFor(named.model, asked);
  return { offers, promptTokens: await asked.countPrompt(), ...named };
}

function offersFor(model: Model, asked: Asked): OpenOffer[] {
  const offers = model.offers.flatMap((offer) => {
    const ask = offer.provider[asked.service];
    return ask && lackOf(offer, asked) === undefined ? [{ ask, ...offer }] : [];
  });
  if (offers.length > 0) return offers;
  const [lack] = model.offers.map((offer) => lackOf(offer, asked));
  throw new DomainError('invalid-request', { detail: `${model.id} ${lack ?? 'cannot do this'}` });
}
