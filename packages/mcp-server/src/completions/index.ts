import type { completionsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { createChatCompletion } from './create-chat-completion.ts';
import { listModels } from './list-models.ts';

export const completionHandlers: Handlers<typeof completionsContract, McpDeps> = {
  listModels: (ctx) => listModels(ctx),
  createChatCompletion: async (ctx, { body }) => {
    await createChatCompletion(ctx, body);
    return ctx.http.reply;
  },
};
