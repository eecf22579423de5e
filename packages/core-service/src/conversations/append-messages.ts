import { type Transaction, withTransaction } from '@smart-ai-hub/database';
import {
  CONVERSATION_LIMITS,
  type ConversationMessage,
  DomainError,
  type NewMessage,
} from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { messageView } from './conversation-view.ts';

export interface Writing {
  /** The message after which these stand; nothing for the beginning. */
  after: string | null;
  /** The newest message that the writer knows; nothing where there is none. */
  seen: string | null;
  messages: NewMessage[];
}

/**
 * Writes messages into a conversation of the actor's own; what stood after `after` goes. Throws `not-found`;
 * `conversation-changed` where something is newer than what the writer has seen; and `conversation-full`.
 */
export async function appendMessages(
  ctx: SignedInContext,
  id: string,
  { after, seen, messages }: Writing,
): Promise<{ items: ConversationMessage[] }> {
  requireSession(ctx.actor);
  return withTransaction(ctx.database, async (tx) => {
    await lockOwn(tx, id, ctx.actor.userId);
    const position = await placeAfter(tx, id, after, seen);
    await tx.conversationMessage.deleteMany({ where: { conversationId: id, position: { gte: position } } });
    await recount(tx, id, position + messages.length, charactersOf(messages));
    const rows = await tx.conversationMessage.createManyAndReturn({
      data: messages.map((message, at) => ({ ...message, conversationId: id, position: position + at })),
    });
    return { items: rows.toSorted((a, b) => a.position - b.position).map((row) => messageView(row)) };
  });
}

/** One writer at a time. */
async function lockOwn(tx: Transaction, id: string, userId: string): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT FROM core.conversations WHERE id = ${id}::uuid AND user_id = ${userId}::uuid FOR UPDATE`;
  if (found.length === 0) throw new DomainError('not-found');
}

/** Where the next message stands, if nothing is newer than what was seen. */
async function placeAfter(
  tx: Transaction,
  conversationId: string,
  after: string | null,
  seen: string | null,
): Promise<number> {
  const newest = await tx.conversationMessage.findFirst({
    where: { conversationId },
    orderBy: { position: 'desc' },
  });
  if ((newest?.id ?? null) !== seen) throw new DomainError('conversation-changed');
  if (after === null) return 0;
  const before = await tx.conversationMessage.findFirst({ where: { id: after, conversationId } });
  if (!before) throw new DomainError('conversation-changed');
  return before.position + 1;
}

/** Keeps the counts true, and within their bounds. */
async function recount(tx: Transaction, id: string, messages: number, added: number): Promise<void> {
  const [{ kept } = { kept: 0 }] = await tx.$queryRaw<{ kept: number }[]>`
    SELECT coalesce(sum(char_length(content)), 0)::int AS kept FROM core.conversation_messages
    WHERE conversation_id = ${id}::uuid`;
  const characters = kept + added;
  if (messages > CONVERSATION_LIMITS.messages || characters > CONVERSATION_LIMITS.characters) {
    throw new DomainError('conversation-full');
  }
  await tx.$executeRaw`
    UPDATE core.conversations SET messages = ${messages}, characters = ${characters}, updated_at = now()
    WHERE id = ${id}::uuid`;
}

/** As PostgreSQL counts them: by code point. */
const charactersOf = (messages: readonly NewMessage[]): number =>
  messages.reduce((sum, { content }) => sum + Array.from(content).length, 0);
