import type { webhooksContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { createWebhook, deleteWebhook, listWebhooks, rotateSecret, updateWebhook } from './change-webhook.ts';
import { listDeliveries, replay } from './deliveries.ts';

export const webhookHandlers: Handlers<typeof webhooksContract, CoreDeps> = {
  listWebhooks: (ctx) => listWebhooks(ctx),
  createWebhook: (ctx, { body }) => createWebhook(ctx, body),
  updateWebhook: (ctx, { params, body }) => updateWebhook(ctx, params.webhookId, body),
  deleteWebhook: (ctx, { params }) => deleteWebhook(ctx, params.webhookId),
  rotateWebhookSecret: (ctx, { params }) => rotateSecret(ctx, params.webhookId),
  listDeliveries: (ctx, { params, query }) => listDeliveries(ctx, params.webhookId, query),
  replayDelivery: (ctx, { params }) => replay(ctx, params),
};
