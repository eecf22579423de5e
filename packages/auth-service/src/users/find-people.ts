import { DomainError, type Permission, type Person, type Reach } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import type { AuthDeps, SignedInContext } from '../context.ts';

export interface PersonRow {
  id: string;
  email: string;
  verified: boolean;
  locale: string;
  created_at: Date;
  disabled_at: Date | null;
  deleted_at: Date | null;
  /** `created_at` since the epoch. */
  micros: number;
}

const STATES = {
  present: 'deleted_at IS NULL',
  active: 'deleted_at IS NULL AND disabled_at IS NULL',
  disabled: 'deleted_at IS NULL AND disabled_at IS NOT NULL',
  deleted: 'deleted_at IS NOT NULL',
  all: 'true',
} as const;

export interface Wish {
  reach: Reach;
  state: keyof typeof STATES;
  userId?: string | undefined;
  /** How the address begins, in letters of any size. */
  prefix?: string | undefined;
  /** Older than this: microseconds since the epoch, and id. */
  before?: readonly string[] | undefined;
  limit: number;
}

/** No character is after it, so that every longer word with the same beginning is before it. */
const LAST_CHARACTER = '\u{10ffff}';

/**
 * People within reach, newest first. Lists and single calls ask here, so that they show the same people. Only the
 * conditions that are given stand in the statement, since a plan is made once for whatever values follow.
 */
export async function findPeople({ database: { pool } }: AuthDeps, wish: Wish): Promise<PersonRow[]> {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const { reach, state, userId, prefix, before, limit } = wish;
  const conditions: string[] = [STATES[state]];
  if (reach.kind === 'people') conditions.push(`id = ANY(${value(reach.ids)}::uuid[])`);
  if (userId !== undefined) conditions.push(`id = ${value(userId)}`);
  if (prefix !== undefined) {
    // a range over bytes: nothing in it is a pattern that would have to be escaped
    conditions.push(
      `email ~>=~ ${value(prefix)}::citext`,
      `email ~<~ ${value(prefix + LAST_CHARACTER)}::citext`,
    );
  }
  if (before) {
    const [micros, id] = before;
    const moment = `timestamptz 'epoch' + ${value(micros)}::bigint * interval '1 microsecond'`;
    conditions.push(`(created_at, id) < (${moment}, ${value(id)}::uuid)`);
  }
  const { rows } = await pool.query<PersonRow>(
    `SELECT id, email, verified, locale, created_at, disabled_at, deleted_at,
       (extract(epoch FROM created_at) * 1000000)::bigint AS micros
     FROM auth.users WHERE ${conditions.join(' AND ')}
     ORDER BY created_at DESC, id DESC LIMIT ${value(limit)}`,
    values,
  );
  return rows;
}

/** The person, if the permission reaches them; `not-found` otherwise, as for somebody who does not exist. */
export async function findPerson(
  ctx: SignedInContext,
  permission: Permission,
  userId: string,
  state: Wish['state'] = 'present',
): Promise<PersonRow> {
  const reach = await reachOf(ctx, permission);
  const [row] = await findPeople(ctx, { reach, state, userId, limit: 1 });
  if (row) return row;
  throw new DomainError('not-found');
}

/** People as the API shows them, with the roles that core-service says they have. */
export async function viewsOf(ctx: AuthDeps, rows: readonly PersonRow[]): Promise<Person[]> {
  if (rows.length === 0) return [];
  const { items } = await ctx.core.rolesOf({ body: { userIds: rows.map(({ id }) => id) } });
  const roles = new Map(items.map((held) => [held.userId, held.roles]));
  return rows.map((row) => view(row, roles.get(row.id) ?? []));
}

export async function viewOf(ctx: AuthDeps, row: PersonRow): Promise<Person> {
  const { items } = await ctx.core.rolesOf({ body: { userIds: [row.id] } });
  return view(row, items[0]?.roles ?? []);
}

const view = (row: PersonRow, roles: string[]): Person => ({
  id: row.id,
  email: row.email,
  verified: row.verified,
  locale: row.locale === 'th' ? 'th' : 'en',
  state: stateOf(row),
  roles,
  createdAt: row.created_at.toISOString(),
  disabledAt: row.disabled_at?.toISOString() ?? null,
  deletedAt: row.deleted_at?.toISOString() ?? null,
});

const stateOf = (row: PersonRow): Person['state'] => {
  if (row.deleted_at) return 'deleted';
  return row.disabled_at ? 'disabled' : 'active';
};
