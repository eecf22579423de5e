import type {
  completionsContract,
  messagesContract,
  responsesContract,
} from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { createChatCompletion } from './create-chat-completion.ts';
import { createEmbedding } from './create-embedding.ts';
import { createImage } from './create-image.ts';
import { countMessageTokens, createMessage } from './create-message.ts';
import { createResponse } from './create-response.ts';
import { listModels } from './list-models.ts';

export const completionHandlers: Handlers<typeof completionsContract, McpDeps> = {
  listModels: (ctx) => listModels(ctx),
  createChatCompletion: async (ctx, { body }) => {
    await createChatCompletion(ctx, body);
    return ctx.http.reply;
  },
  createEmbedding: async (ctx, { body }) => {
    await createEmbedding(ctx, body);
    return ctx.http.reply;
  },
  createImage: async (ctx, { body }) => {
    await createImage(ctx, body);
    return ctx.http.reply;
  },
};

export const messageHandlers: Handlers<typeof messagesContract, McpDeps> = {
  createMessage: async (ctx, { body }) => {
    await createMessage(ctx, body);
    return ctx.http.reply;
  },
  countMessageTokens: (ctx, { body }) => countMessageTokens(ctx, body),
};

export const responseHandlers: Handlers<typeof responsesContract, McpDeps> = {
  createResponse: async (ctx, { body }) => {
    await createResponse(ctx, body);
    return ctx.http.reply;
  },
};
