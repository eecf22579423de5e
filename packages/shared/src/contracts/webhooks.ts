import { z } from 'zod';
import { id, nothing, oneLine, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** What a webhook can hear of. */
export const WEBHOOK_EVENTS = [
  'user.created',
  'credit.low',
  'credit.depleted',
  'service.completed',
  'service.failed',
  'ledger.mismatch',
] as const;
const event = z.enum(WEBHOOK_EVENTS);

const url = z.url({ protocol: /^https?$/ }).max(2000);
const events = z
  .array(event)
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'names something twice');
const description = oneLine(200);

export const webhook = z.object({
  id,
  url: z.string(),
  events: z.array(z.string()),
  description: z.string(),
  active: z.boolean(),
  /** Until then what is sent is signed with the secret before as well. */
  formerSecretUntil: timestamp.nullable(),
  createdAt: timestamp,
});
export type Webhook = z.output<typeof webhook>;

/** The answers that show a secret: when it is made. */
const shownSecret = z.object({ ...webhook.shape, secret: z.string() });
export type WebhookSecret = z.output<typeof shownSecret>;

export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;
const delivery = z.object({
  id,
  /** The same for every delivery of one event: `webhook-id` of the request. */
  eventId: id,
  event: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  /** Of the last answer; nothing where none came. */
  status: z.int().nullable(),
  error: z.string().nullable(),
  createdAt: timestamp,
  endedAt: timestamp.nullable(),
});
export type WebhookDelivery = z.output<typeof delivery>;

const params = z.strictObject({ webhookId: id });

/** Administrators' own: a webhook hears of everybody. */
export const webhooksContract = defineContract({
  listWebhooks: {
    method: 'GET',
    path: '/api/v1/webhooks',
    summary: 'Who hears of what',
    access: 'settings:read',
    success: { status: 200, schema: z.object({ items: z.array(webhook) }) },
    problems: [],
  },
  createWebhook: {
    method: 'POST',
    path: '/api/v1/webhooks',
    summary: 'Have events sent to an address; this answer alone shows the secret that signs them',
    access: 'settings:update',
    stepUp: true,
    body: z.strictObject({ url, events, description: description.default('') }),
    success: { status: 201, schema: shownSecret },
    problems: ['egress-refused', 'egress-failed'],
  },
  updateWebhook: {
    method: 'PATCH',
    path: '/api/v1/webhooks/:webhookId',
    summary: 'Change the address, the events or the words of a webhook, or switch it off',
    access: 'settings:update',
    stepUp: true,
    params,
    body: z.strictObject({
      url: url.optional(),
      events: events.optional(),
      description: description.optional(),
      active: z.boolean().optional(),
    }),
    success: { status: 200, schema: webhook },
    problems: ['not-found', 'egress-refused', 'egress-failed'],
  },
  deleteWebhook: {
    method: 'DELETE',
    path: '/api/v1/webhooks/:webhookId',
    summary: 'Forget a webhook and its deliveries',
    access: 'settings:update',
    stepUp: true,
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  rotateWebhookSecret: {
    method: 'POST',
    path: '/api/v1/webhooks/:webhookId/secret',
    summary: 'Sign with a new secret; for a day the one before signs as well',
    access: 'settings:update',
    stepUp: true,
    params,
    success: { status: 200, schema: shownSecret },
    problems: ['not-found'],
  },
  listDeliveries: {
    method: 'GET',
    path: '/api/v1/webhooks/:webhookId/deliveries',
    summary: 'What was sent in the last 30 days, newest first',
    access: 'settings:read',
    params,
    query: pageQuery.extend({ state: z.enum(DELIVERY_STATES).optional() }),
    success: { status: 200, schema: page(delivery) },
    problems: ['not-found'],
  },
  replayDelivery: {
    method: 'POST',
    path: '/api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay',
    summary: 'Send an event once more, as it was',
    access: 'settings:update',
    stepUp: true,
    params: params.extend({ deliveryId: id }),
    success: { status: 201, schema: delivery },
    problems: ['not-found'],
  },
});
