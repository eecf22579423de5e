import type { Account } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  reachOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { ACCOUNT_COLUMNS, type AccountRow, accountView } from './account-view.ts';

const LIST = `
  SELECT id, ${ACCOUNT_COLUMNS}, (extract(epoch FROM created_at) * 1000000)::bigint AS micros
  FROM core.credit_accounts
  WHERE kind = 'user' AND ($1::uuid[] IS NULL OR user_id = ANY($1)) AND ($2::text IS NULL OR status = $2)
    AND ($6::uuid IS NULL OR user_id = $6)
    AND ($3::bigint IS NULL OR (created_at, id) < (timestamptz 'epoch' + $3::bigint * interval '1 microsecond', $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;

export interface AccountQuery extends PageInput {
  status?: Account['status'] | undefined;
  userId?: string | undefined;
}

/** The accounts of everybody, or of one person, whom the actor reaches, newest first, by keyset over time and id. */
export async function listAccounts(
  ctx: SignedInContext,
  { limit, cursor, status, userId }: AccountQuery,
): Promise<Page<Account>> {
  const reach = await reachOf(ctx, 'credits:read');
  const people = reach.kind === 'everybody' ? null : reach.ids;
  const [micros = null, id = null] = cursor === undefined ? [] : decodeTimeCursor(cursor);
  const { rows } = await ctx.database.pool.query<AccountRow & { id: string; micros: number }>(LIST, [
    ...[people, status ?? null, micros, id, limit + 1, userId ?? null],
  ]);
  return pageOf(rows, limit, timeCursor, accountView);
}
