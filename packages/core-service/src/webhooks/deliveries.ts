import { type Job, withTransaction } from '@smart-ai-hub/database';
import { DomainError, id as idField, type WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  egress,
  type Page,
  type PageInput,
  pageOf,
  type Sealer,
  SealError,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { CoreDeps } from '../context.ts';
import { signedHeaders } from './sign.ts';
import { type DeliveryRow, deliveryView } from './webhook-view.ts';

/** The job that sends one event to one webhook; triggers of the database order it. */
export const DELIVER = 'deliver-webhook';

/** Attempts in all, each some seconds later than the one before. */
const ATTEMPTS = 3;
/** Milliseconds that a receiver has for its answer. */
const TIMEOUT = 10_000;
/** Characters of an error that are kept. */
const ERROR = 300;

const LIST = `
  SELECT id, event_id AS "eventId", event, state, attempts, status, error, created_at AS "createdAt", ended_at AS "endedAt",
    (extract(epoch FROM created_at) * 1000000)::bigint AS micros
  FROM core.webhook_deliveries
  WHERE webhook_id = $1 AND ($2::text IS NULL OR state = $2)
    AND ($3::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;

/** What was sent to a webhook, newest first, by keyset over time and id. */
export async function listDeliveries(
  { database: { pool, prisma } }: CoreDeps,
  webhookId: string,
  { limit, cursor, state }: PageInput & { state?: WebhookDelivery['state'] | undefined },
): Promise<Page<WebhookDelivery>> {
  if ((await prisma.webhook.count({ where: { id: webhookId } })) === 0) throw new DomainError('not-found');
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const values = [webhookId, state ?? null, micros, id, limit + 1];
  const { rows } = await pool.query<DeliveryRow & { micros: number }>(LIST, values);
  return pageOf(rows, limit, timeCursor, deliveryView);
}

/** Orders the event of a delivery once more, under the same id, so that a receiver can tell it had it. */
export async function replay(
  { database, enqueue }: CoreDeps,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string },
): Promise<WebhookDelivery> {
  return withTransaction(database, async (tx) => {
    const [row] = await tx.$queryRaw<DeliveryRow[]>`
      INSERT INTO core.webhook_deliveries (webhook_id, event_id, event, payload)
      SELECT webhook_id, event_id, event, payload FROM core.webhook_deliveries
      WHERE id = ${deliveryId}::uuid AND webhook_id = ${webhookId}::uuid
      RETURNING id, event_id AS "eventId", event, state, attempts, status, error, created_at AS "createdAt", ended_at AS "endedAt"`;
    if (!row) throw new DomainError('not-found');
    await enqueue(tx, DELIVER, { deliveryId: row.id }, { maxAttempts: ATTEMPTS });
    return deliveryView(row);
  });
}

const payload = z.object({ deliveryId: idField });

/** Sends one event; throws after a failure that is not the last, so that it is tried again. */
export const deliverJob = (deps: CoreDeps): Job => ({
  run: async (given) => {
    const { deliveryId: id } = payload.parse(given);
    const { prisma } = deps.database;
    const row = await prisma.webhookDelivery.findUnique({ where: { id }, include: { webhook: true } });
    if (row?.state !== 'waiting') return;
    const attempts = row.attempts + 1;
    const outcome = row.webhook.active ? await send(deps, row) : { error: 'the webhook is switched off' };
    const isDelivered = outcome.error === undefined;
    const isOver = isDelivered || attempts >= ATTEMPTS || !row.webhook.active;
    await prisma.webhookDelivery.update({
      where: { id },
      data: {
        ...{ attempts, status: outcome.status ?? null, error: outcome.error ?? null },
        ...(isOver && { state: isDelivered ? 'delivered' : 'failed', endedAt: new Date() }),
      },
    });
    if (!isOver) throw new Error(`not delivered: ${outcome.error ?? ''}`);
  },
});

interface Sent {
  status?: number;
  error?: string;
}

interface Order {
  eventId: string;
  payload: unknown;
  webhook: {
    id: string;
    url: string;
    secret: Uint8Array;
    formerSecret: Uint8Array | null;
    formerUntil: Date | null;
  };
}

async function send(
  { sealer, localReceivers }: CoreDeps,
  { eventId, payload: data, webhook }: Order,
): Promise<Sent> {
  const timestamp = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ id: eventId, ...z.record(z.string(), z.unknown()).parse(data) });
  try {
    const headers = signedHeaders({ id: eventId, timestamp, body }, secretsOf(sealer, webhook));
    const { status } = await egress(webhook.url, {
      ...{ method: 'POST', headers, body, allowed: localReceivers },
      ...{ timeout: TIMEOUT, maxRedirects: 0, maxBytes: 65_536 },
    });
    return status >= 200 && status < 300 ? { status } : { status, error: `answered ${status}` };
  } catch (error) {
    if (error instanceof SealError) return { error: 'its secret was sealed with another SEALING_KEY' };
    if (error instanceof DomainError) return { error: (error.detail ?? error.message).slice(0, ERROR) };
    throw error;
  }
}

function secretsOf(sealer: Sealer, { id, secret, formerSecret, formerUntil }: Order['webhook']): string[] {
  const isKept = formerSecret && formerUntil && formerUntil > new Date();
  return [secret, ...(isKept ? [formerSecret] : [])].map((sealed) => sealer.open(sealed, id));
}

/** Every night: forgets what was sent more than 30 days ago. */
export const forgetDeliveriesJob = ({ database: { pool } }: CoreDeps): Job => ({
  every: '31 4 * * *',
  run: async () => {
    await pool.query("DELETE FROM core.webhook_deliveries WHERE created_at < now() - interval '30 days'");
  },
});
