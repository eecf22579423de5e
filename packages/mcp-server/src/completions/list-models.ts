import type { McpDeps } from '../context.ts';

/** Models that have a price, in OpenAI's format. */
export async function listModels({ catalogue, priceOf }: McpDeps) {
  const priced = await Promise.all(
    catalogue.models.map(async ({ id, provider }) =>
      (await priceOf(id)) ? [{ id, owned_by: provider.name }] : [],
    ),
  );
  const data = priced.flat().map((model) => ({ ...model, object: 'model' as const, created: 0 }));
  return { object: 'list' as const, data };
}
