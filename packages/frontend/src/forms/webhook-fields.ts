import { webhooksContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { required } from './typed-values.ts';

const { url, events, description } = webhooksContract.createWebhook.body.shape;

export const webhookFields = z.object({ url: required.pipe(url), events, description });
export type WebhookFields = z.output<typeof webhookFields>;
