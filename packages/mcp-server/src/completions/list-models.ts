import type { Price } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { mayUseModel } from '../providers/may-use-model.ts';
import type { Model } from '../providers/provider.ts';

/** Models that have a price and are open to the caller, in OpenAI's format, with what they can do and cost. */
export async function listModels({ catalogue, priceOf, actor }: McpDeps & ActorContext) {
  const open = catalogue.models.filter((model) => mayUseModel(actor, model));
  const priced = await Promise.all(
    open.map(async (model) => {
      const price = await priceOf(model.id);
      return price ? [shown(model, price)] : [];
    }),
  );
  return { object: 'list' as const, data: priced.flat() };
}

/** Of several providers the first says what the model can do. */
function shown({ id, maxOutputTokens, offers: [first] }: Model, price: Price) {
  return {
    ...{ id, object: 'model' as const, created: 0, owned_by: first?.provider.name ?? '' },
    context_length: first?.contextTokens ?? null,
    max_output_tokens: maxOutputTokens,
    capabilities: first?.capabilities ?? {},
    price: {
      input_micro_per_million: price.inputMicroPerMillion,
      output_micro_per_million: price.outputMicroPerMillion,
      unit_micro: price.unitMicro,
    },
  };
}
