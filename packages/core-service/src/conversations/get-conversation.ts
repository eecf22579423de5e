import { type Conversation, type ConversationMessage, DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { conversationView, type MessageRow, messageView } from './conversation-view.ts';

interface ReceiptRow extends MessageRow {
  promptTokens: number | null;
  completionTokens: number | null;
  credits: number | null;
}

/**
 * The cost is what was charged, not what a page wrote down. A call is settled while its answer is written, within
 * seconds: the index over people and times finds it among a few.
 */
const MESSAGES = `
  SELECT m.id, m.role, m.content, m.model, m.state, m.request_id AS "requestId", m.created_at AS "createdAt",
    u.prompt_tokens AS "promptTokens", u.completion_tokens AS "completionTokens", u.credits
  FROM core.conversation_messages m LEFT JOIN LATERAL (
    SELECT prompt_tokens, completion_tokens, credits FROM core.usage_logs
    WHERE user_id = $2 AND request_id = m.request_id
      AND created_at BETWEEN m.created_at - interval '10 minutes' AND m.created_at + interval '10 minutes'
    LIMIT 1) u ON m.request_id IS NOT NULL
  WHERE m.conversation_id = $1 ORDER BY m.position`;

/** A conversation of the actor's own with all of its messages. Throws `not-found` for anybody else's. */
export async function getConversation(
  ctx: SignedInContext,
  id: string,
): Promise<{ conversation: Conversation; messages: ConversationMessage[] }> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const row = await ctx.database.prisma.conversation.findFirst({ where: { id, userId } });
  if (!row) throw new DomainError('not-found');
  const { rows } = await ctx.database.pool.query<ReceiptRow>(MESSAGES, [id, userId]);
  return {
    conversation: conversationView(row),
    messages: rows.map((one) => messageView(one, receiptOf(one))),
  };
}

function receiptOf({ promptTokens, completionTokens, credits }: ReceiptRow): ConversationMessage['receipt'] {
  if (promptTokens === null || completionTokens === null || credits === null) return null;
  return { promptTokens, completionTokens, creditsMicro: credits };
}
