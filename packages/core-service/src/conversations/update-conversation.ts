import { type Conversation, DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { conversationView, milliOf } from './conversation-view.ts';

export interface ConversationChange {
  title?: string | undefined;
  model?: string | undefined;
  system?: string | undefined;
  temperature?: number | null | undefined;
  maxTokens?: number | null | undefined;
}

/** Changes what is named of a conversation of the actor's own; its place in the list stays. Throws `not-found`. */
export async function updateConversation(
  ctx: SignedInContext,
  id: string,
  { temperature, ...change }: ConversationChange,
): Promise<Conversation> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const named = { ...change, temperatureMilli: temperature === undefined ? undefined : milliOf(temperature) };
  const data = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  const [row] = await ctx.database.prisma.conversation.updateManyAndReturn({ where: { id, userId }, data });
  if (!row) throw new DomainError('not-found');
  return conversationView(row);
}

/** Forgets a conversation of the actor's own with its messages. Throws `not-found`. */
export async function deleteConversation(ctx: SignedInContext, id: string): Promise<void> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const { count } = await ctx.database.prisma.conversation.deleteMany({ where: { id, userId } });
  if (count === 0) throw new DomainError('not-found');
}
