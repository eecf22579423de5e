import { randomUUID } from 'node:crypto';
import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type Webhook, type WebhookSecret } from '@smart-ai-hub/shared/contracts';
import { checkEgress } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { newWebhookSecret } from './sign.ts';
import { webhookView } from './webhook-view.ts';

/** Milliseconds for which a replaced secret still signs. */
const OVERLAP = 24 * 3600 * 1000;

/** Every webhook, the oldest first. */
export async function listWebhooks({ database: { prisma } }: SignedInContext): Promise<{ items: Webhook[] }> {
  const rows = await prisma.webhook.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return { items: rows.map((row) => webhookView(row)) };
}

/** Makes a webhook with a secret of its own. Throws `egress-refused` for an address that is not to be called. */
export async function createWebhook(
  ctx: SignedInContext,
  { url, events, description }: { url: string; events: string[]; description: string },
): Promise<WebhookSecret> {
  await checkEgress(url, { allowed: ctx.localReceivers });
  const [id, secret] = [randomUUID(), newWebhookSecret()];
  return withTransaction(ctx.database, async (tx) => {
    const row = await tx.webhook.create({
      data: {
        ...{ id, url, events, description, createdBy: ctx.actor.userId },
        secret: ctx.sealer.seal(secret, id),
      },
    });
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'webhook.created', targetType: 'webhook', targetId: id, after: { url, events } },
    });
    return { ...webhookView(row), secret };
  });
}

export interface WebhookChange {
  url?: string | undefined;
  events?: string[] | undefined;
  description?: string | undefined;
  active?: boolean | undefined;
}

/** Changes what is named. Throws `not-found`, and `egress-refused` for an address that is not to be called. */
export async function updateWebhook(
  ctx: SignedInContext,
  id: string,
  change: WebhookChange,
): Promise<Webhook> {
  if (change.url !== undefined) await checkEgress(change.url, { allowed: ctx.localReceivers });
  const data = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return withTransaction(ctx.database, async (tx) => {
    const before = await tx.webhook.findUnique({ where: { id } });
    if (!before) throw new DomainError('not-found');
    const row = await tx.webhook.update({ where: { id }, data });
    const facts = ({ url, events, active }: typeof row) => ({ url, events, active });
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'webhook.changed', targetType: 'webhook', targetId: id },
      before: facts(before),
      after: facts(row),
    });
    return webhookView(row);
  });
}

/** Signs with a new secret from now on, and for a day with the one before as well. */
export async function rotateSecret(ctx: SignedInContext, id: string): Promise<WebhookSecret> {
  const secret = newWebhookSecret();
  return withTransaction(ctx.database, async (tx) => {
    const before = await tx.webhook.findUnique({ where: { id } });
    if (!before) throw new DomainError('not-found');
    const formerUntil = new Date(Date.now() + OVERLAP);
    const row = await tx.webhook.update({
      where: { id },
      data: { secret: ctx.sealer.seal(secret, id), formerSecret: before.secret, formerUntil },
    });
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'webhook.secret-replaced', targetType: 'webhook', targetId: id },
    });
    return { ...webhookView(row), secret };
  });
}

/** Forgets a webhook with its deliveries. */
export async function deleteWebhook(ctx: SignedInContext, id: string): Promise<void> {
  await withTransaction(ctx.database, async (tx) => {
    const before = await tx.webhook.findUnique({ where: { id } });
    const { count } = await tx.webhook.deleteMany({ where: { id } });
    if (!before || count === 0) throw new DomainError('not-found');
    await appendAudit(tx, {
      ...auditOf(ctx),
      ...{ action: 'webhook.deleted', targetType: 'webhook', targetId: id, before: { url: before.url } },
    });
  });
}
