import { Readable } from 'node:stream';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { CoreDeps, SignedInContext } from '../context.ts';
import { csvLine } from '../csv.ts';

const COLUMNS = [
  'conversation',
  'title',
  'system',
  'createdAt',
  'role',
  'model',
  'state',
  'requestId',
  'content',
];

/** Every message of the actor's own conversations as CSV; one conversation is in memory at a time. */
export function exportConversations(ctx: SignedInContext): Readable {
  requireSession(ctx.actor);
  return Readable.from(lines(ctx, ctx.actor.userId));
}

async function* lines({ database: { prisma } }: CoreDeps, userId: string): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  const conversations = await prisma.conversation.findMany({
    where: { userId },
    select: { id: true, title: true, system: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  for (const { id: conversationId, title, system } of conversations) {
    const messages = await prisma.conversationMessage.findMany({
      where: { conversationId },
      orderBy: { position: 'asc' },
    });
    yield messages
      .map(({ createdAt, role, model, state, requestId, content }) =>
        csvLine([
          ...[conversationId, title, system, createdAt.toISOString()],
          ...[role, model, state, requestId, content],
        ]),
      )
      .join('');
  }
}
