import { type Actor, ROLES } from '@smart-ai-hub/shared/contracts';
import type { Window } from '@smart-ai-hub/shared/service';
import { z } from 'zod';

/** Requests a minute, an hour and a day. A limit is at least 1: no number here means "none" or "no limit". */
const rates = z.tuple([z.int().min(1), z.int().min(1), z.int().min(1)]);
type Rates = z.output<typeof rates>;

export type LimitsByRole = Record<'anonymous' | 'guest' | 'user' | 'manager', Rates>;

export const DEFAULT_LIMITS: LimitsByRole = {
  anonymous: [120, 2_000, 20_000],
  guest: [10, 100, 1_000],
  user: [60, 1_000, 10_000],
  manager: [120, 2_000, 20_000],
};

/** What is not given keeps its default. */
export const limitsByRole = z
  .strictObject({ anonymous: rates, guest: rates, user: rates, manager: rates })
  .partial()
  .transform((given): LimitsByRole => ({
    anonymous: given.anonymous ?? DEFAULT_LIMITS.anonymous,
    guest: given.guest ?? DEFAULT_LIMITS.guest,
    user: given.user ?? DEFAULT_LIMITS.user,
    manager: given.manager ?? DEFAULT_LIMITS.manager,
  }));

/** The windows of a caller: of the highest system role that theirs reach; none for administrators. */
export function windowsOf(limits: LimitsByRole, actor: Pick<Actor, 'level'> | undefined): Window[] {
  if (!actor) return windows(limits.anonymous);
  if (actor.level >= ROLES.admin.level) return [];
  const reached = LIMITED.find((role) => actor.level >= ROLES[role].level) ?? 'guest';
  return windows(limits[reached]);
}

/** Highest first. */
const LIMITED = ['manager', 'user', 'guest'] as const;

const windows = ([minute, hour, day]: Rates): Window[] => [
  { limit: minute, seconds: 60 },
  { limit: hour, seconds: 3_600 },
  { limit: day, seconds: 86_400 },
];
