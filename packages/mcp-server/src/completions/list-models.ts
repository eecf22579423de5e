import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { mayUseModel } from '../providers/may-use-model.ts';

/** Models that have a price and are open to the caller, in OpenAI's format. */
export async function listModels({ catalogue, priceOf, actor }: McpDeps & ActorContext) {
  const open = catalogue.models.filter((model) => mayUseModel(actor, model));
  const priced = await Promise.all(
    open.map(async ({ id, provider }) => ((await priceOf(id)) ? [{ id, owned_by: provider.name }] : [])),
  );
  const data = priced.flat().map((model) => ({ ...model, object: 'model' as const, created: 0 }));
  return { object: 'list' as const, data };
}
