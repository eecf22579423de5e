import type { Conversation } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  requireSession,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { type ConversationRow, conversationView } from './conversation-view.ts';

/** No pattern is made of the words that are looked for, so that nothing in them is a wildcard. */
const LIST = `
  SELECT id, title, model, system, temperature_milli AS "temperatureMilli", max_tokens AS "maxTokens", created_at AS "createdAt",
    updated_at AS "updatedAt", (extract(epoch FROM updated_at) * 1000000)::bigint AS micros
  FROM core.conversations
  WHERE user_id = $1 AND ($2::text IS NULL OR position(lower($2) IN lower(title)) > 0)
    AND ($3::bigint IS NULL OR (updated_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
  ORDER BY updated_at DESC, id DESC LIMIT $5`;

export interface ConversationQuery extends PageInput {
  /** Words that stand in the title, whatever their case. */
  search?: string | undefined;
}

/** The actor's own conversations, the last changed first, by keyset over that time and the id. */
export async function listConversations(
  ctx: SignedInContext,
  { limit, cursor, search }: ConversationQuery,
): Promise<Page<Conversation>> {
  requireSession(ctx.actor);
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const { rows } = await ctx.database.pool.query<ConversationRow & { micros: number }>(LIST, [
    ...[ctx.actor.userId, search ?? null, micros, id, limit + 1],
  ]);
  return pageOf(rows, limit, timeCursor, conversationView);
}
