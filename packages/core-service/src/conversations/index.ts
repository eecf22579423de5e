import type { conversationsContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { sendCsv } from '../csv.ts';
import { appendMessages } from './append-messages.ts';
import { createConversation } from './create-conversation.ts';
import { exportConversations } from './export-conversations.ts';
import { getConversation } from './get-conversation.ts';
import { listConversations } from './list-conversations.ts';
import { deleteConversation, updateConversation } from './update-conversation.ts';

export const conversationHandlers: Handlers<typeof conversationsContract, CoreDeps> = {
  listConversations: (ctx, { query }) => listConversations(ctx, query),
  createConversation: (ctx, { body }) => createConversation(ctx, body),
  getConversation: (ctx, { params }) => getConversation(ctx, params.conversationId),
  appendMessages: (ctx, { params, body }) => appendMessages(ctx, params.conversationId, body),
  updateConversation: (ctx, { params, body }) => updateConversation(ctx, params.conversationId, body),
  deleteConversation: (ctx, { params }) => deleteConversation(ctx, params.conversationId),
  exportConversations: (ctx) => sendCsv(ctx, 'conversations.csv', exportConversations(ctx)),
};
