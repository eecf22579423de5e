import type { ChatRequest, SocketCall, SocketProvider } from '@smart-ai-hub/shared/contracts';
import { createChatCompletion } from '../completions/create-chat-completion.ts';
import { createEmbedding } from '../completions/create-embedding.ts';
import type { Outlet } from '../completions/outlet.ts';
import type { CallContext } from '../completions/asked.ts';
import type { Catalogue } from '../providers/catalogue.ts';

/** Asks as the same call over HTTP would, of those who may answer it. */
export async function askModel(ctx: CallContext, call: SocketCall, outlet: Outlet): Promise<void> {
  const narrowed = { ...ctx, catalogue: catalogueOf(ctx.catalogue, call.provider) };
  if (call.type === 'embedding')
    await createEmbedding(narrowed, { model: call.model, input: call.prompt }, outlet);
  else await createChatCompletion(narrowed, chatOf(call), outlet);
}

type Worded = Exclude<SocketCall, { type: 'embedding' }>;

/** In OpenAI's words; what is not ours travels on as it is. */
function chatOf(call: Worded): ChatRequest {
  const { id: _id, type: _type, provider: _provider, prompt, messages, maxTokens, ...rest } = call;
  return {
    ...rest,
    messages: messages ?? [{ role: 'user', content: prompt }],
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
}

const FORMATS = { openai: 'openai', claude: 'anthropic' } as const;

/** As if there were only providers of this kind. */
function catalogueOf(catalogue: Catalogue, kind: SocketProvider): Catalogue {
  if (kind === 'auto') return catalogue;
  return {
    ...catalogue,
    find: (id) => {
      const model = catalogue.find(id);
      const offers = model?.offers.filter(({ provider }) => provider.format === FORMATS[kind]) ?? [];
      return model && offers.length > 0 ? { ...model, offers } : undefined;
    },
  };
}
