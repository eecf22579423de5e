import { withTransaction } from '@smart-ai-hub/database';
import { type Conversation, CONVERSATION_LIMITS, DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { conversationView, milliOf } from './conversation-view.ts';

export interface NewConversation {
  title: string;
  model: string;
  system: string;
  temperature: number | null;
  maxTokens: number | null;
}

/** Begins a conversation of the actor's own. Throws `too-many-conversations` where they have as many as there may be. */
export async function createConversation(
  ctx: SignedInContext,
  { temperature, ...given }: NewConversation,
): Promise<Conversation> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  return withTransaction(ctx.database, async (tx) => {
    // one at a time for a person: counted first, so that two at once do not both find room
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('conversations ' || ${userId}, 0))`;
    const count = await tx.conversation.count({ where: { userId } });
    if (count >= CONVERSATION_LIMITS.conversations) {
      throw new DomainError('too-many-conversations', { detail: `${count} are kept; delete one first` });
    }
    return conversationView(
      await tx.conversation.create({ data: { ...given, temperatureMilli: milliOf(temperature), userId } }),
    );
  });
}
