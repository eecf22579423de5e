import type { WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { nextLook } from './webhook-queries.ts';

const delivery = (state: WebhookDelivery['state']): WebhookDelivery => ({
  ...{ id: 'one', eventId: 'event', event: 'user.created', attempts: 1, status: null, error: null },
  ...{ state, createdAt: '2026-05-01T10:00:00.000Z', endedAt: null },
});

it('deliveries are looked at again only while one of them is on its way', () => {
  expect(nextLook([])).toBe(false);
  expect(nextLook([delivery('delivered'), delivery('failed')])).toBe(false);
  expect(nextLook([delivery('delivered'), delivery('waiting')])).toBeGreaterThan(0);
});
