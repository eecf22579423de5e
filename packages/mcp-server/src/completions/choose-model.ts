import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { costMicro } from '../metering/cost.ts';
import { ECHO_MODEL } from '../providers/echo.ts';
import { lackOf, unsaidOf, type Wish } from '../providers/fit.ts';
import { mayUseModel } from '../providers/may-use-model.ts';
import type { Model, Offer } from '../providers/provider.ts';
import type { OpenModel } from './open-model.ts';

/** A request for whichever model fits. */
export interface AnyModel extends Wish {
  promptTokens: number;
  /** Of one answer, where the caller sets a limit. */
  maxOutputTokens?: number | undefined;
  images?: number;
}

/** Output tokens that models are compared by where the caller sets no limit. */
const USUAL_OUTPUT = 1000;

interface Candidate extends OpenModel {
  /** What tells it from the others, the weightiest first; the smaller the better. */
  rank: number[];
}

/**
 * The model for a request that names none: of those that the caller may use and that can do what is asked for, one whose
 * provider answers before one whose providers are all left alone, one that is said to do all of it before one of which
 * nobody has said so, and then the cheapest for this request; among equals the first by name. The echo is it only where
 * the hub has nothing else. Rejects with `model-not-found`.
 */
export async function chooseModel(ctx: McpDeps & ActorContext, asked: AnyModel): Promise<OpenModel> {
  const others = ctx.catalogue.models.filter(({ id }) => id !== ECHO_MODEL);
  const models = others.length > 0 ? others : ctx.catalogue.models;
  const open = models.filter((model) => mayUseModel(ctx.actor, model));
  const candidates = await Promise.all(open.map((model) => candidateOf(ctx, model, asked)));
  const [best] = candidates.flat().sort(byRank);
  if (best) return best;
  throw new DomainError('model-not-found', { detail: 'there is no model for what this request needs' });
}

/** None where it has no price, or nobody who can do what is asked for. */
async function candidateOf({ priceOf }: McpDeps, model: Model, asked: AnyModel): Promise<Candidate[]> {
  const offers = model.offers.filter(
    (offer) => lackOf(offer, asked) === undefined && holds(offer, asked) && !draws(offer, asked),
  );
  const price = offers.length > 0 ? await priceOf(model.id) : undefined;
  if (!price) return [];
  const { promptTokens, maxOutputTokens = USUAL_OUTPUT, images } = asked;
  const isLeftAlone = offers.every(({ provider }) => provider.isLeftAlone());
  const unsaid = Math.min(...offers.map((offer) => unsaidOf(offer, asked)));
  const cost = costMicro(price, promptTokens, maxOutputTokens, images);
  return [{ model: { ...model, offers }, price, rank: [Number(isLeftAlone), unsaid, cost] }];
}

/** Prompt and answer are no longer than the model's context, as far as it is known. */
const holds = ({ contextTokens = Infinity }: Offer, { promptTokens, maxOutputTokens = 1 }: AnyModel) =>
  promptTokens + maxOutputTokens <= contextTokens;

/** Some models that make images can chat too; who does not ask for one is not given one. */
const draws = ({ capabilities }: Offer, { service }: AnyModel) =>
  service === 'chat' && capabilities.images === true;

function byRank(one: Candidate, other: Candidate): number {
  const differences = one.rank.map((value, place) => value - (other.rank[place] ?? 0));
  return differences.find((difference) => difference !== 0) ?? (one.model.id < other.model.id ? -1 : 1);
}
