import type { Person } from '@smart-ai-hub/shared/contracts';
import {
  decodeTimeCursor,
  type Page,
  type PageInput,
  pageOf,
  reachOf,
  timeCursor,
} from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { findPeople, viewsOf } from './find-people.ts';

interface ListUsersInput extends PageInput {
  state?: Person['state'] | undefined;
  search?: string | undefined;
}

/** People whom the actor may read, newest first, by keyset over time and id. */
export async function listUsers(
  ctx: SignedInContext,
  { limit, cursor, state, search }: ListUsersInput,
): Promise<Page<Person>> {
  const reach = await reachOf(ctx, 'users:read');
  const before = cursor === undefined ? undefined : decodeTimeCursor(cursor);
  const rows = await findPeople(ctx, {
    ...{ reach, before },
    state: state ?? 'present',
    prefix: search,
    limit: limit + 1,
  });
  const { items, nextCursor } = pageOf(rows, limit, timeCursor, (row) => row);
  return { items: await viewsOf(ctx, items), nextCursor };
}
