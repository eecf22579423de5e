import type { Webhook, WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import { DELIVERY_STATES } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

export interface WebhookRow {
  id: string;
  url: string;
  events: string[];
  description: string;
  active: boolean;
  formerUntil: Date | null;
  createdAt: Date;
}

/** A webhook as the API shows it: never with its secret. */
export const webhookView = (
  { id, url, events, description, active, formerUntil, createdAt }: WebhookRow,
  now = Date.now(),
): Webhook => ({
  ...{ id, url, events, description, active },
  formerSecretUntil: formerUntil && formerUntil.getTime() > now ? formerUntil.toISOString() : null,
  createdAt: createdAt.toISOString(),
});

export interface DeliveryRow {
  id: string;
  eventId: string;
  event: string;
  state: string;
  attempts: number;
  status: number | null;
  error: string | null;
  createdAt: Date;
  endedAt: Date | null;
}

const state = z.enum(DELIVERY_STATES);

export const deliveryView = (row: DeliveryRow): WebhookDelivery => ({
  ...{ id: row.id, eventId: row.eventId, event: row.event, state: state.parse(row.state) },
  ...{ attempts: row.attempts, status: row.status, error: row.error },
  createdAt: row.createdAt.toISOString(),
  endedAt: row.endedAt?.toISOString() ?? null,
});
