import { completionsContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { listModels as openModels } from '../../completions/list-models.ts';
import { defineTool, LOOKS } from '../tool.ts';

const priced = z.object({
  id: z.string(),
  provider: z.string(),
  inputMicroPerMillion: z.int(),
  outputMicroPerMillion: z.int(),
});

export const listModels = defineTool({
  name: 'list_models',
  title: 'Models',
  description: 'AI models that can be used, with their prices in micro-credits for a million tokens.',
  annotations: LOOKS,
  permission: completionsContract.listModels.access,
  input: z.strictObject({}),
  output: z.object({ items: z.array(priced) }),
  call: async (ctx) => {
    const { data } = await openModels(ctx);
    const items = data.map(async ({ id, owned_by: provider }) => {
      const { inputMicroPerMillion = 0, outputMicroPerMillion = 0 } = (await ctx.priceOf(id)) ?? {};
      return { id, provider, inputMicroPerMillion, outputMicroPerMillion };
    });
    return { items: await Promise.all(items) };
  },
});
