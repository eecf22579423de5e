import { DomainError, type Price } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { mayUseModel } from '../providers/may-use-model.ts';
import type { Model } from '../providers/provider.ts';

export interface OpenModel {
  model: Model;
  price: Price;
}

/**
 * A model that the actor may use, with its price. One without a price is not sold; one that is not open to the caller
 * is, for them, not there.
 */
export async function openModel(
  { catalogue, priceOf, actor }: McpDeps & ActorContext,
  id: string,
): Promise<OpenModel> {
  const found = catalogue.find(id);
  const model = found && mayUseModel(actor, found) ? found : undefined;
  const price = model && (await priceOf(model.id));
  if (model && price) return { model, price };
  throw new DomainError('model-not-found', { detail: `there is no model ${id}` });
}
