import { z } from 'zod';
import { type Actor, budgetOf, ROLES } from '../../contracts/index.ts';
import { fields, setting } from '../config.ts';
import { network } from '../network.ts';
import type { Window } from './rate-limit.ts';

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
const limitsByRole = z
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

/** For every program that counts requests: they count against the same limits. */
export const rateLimits = setting(
  'RATE_LIMITS',
  fields.json(limitsByRole).default(DEFAULT_LIMITS),
  'Requests a minute, hour and day by role as JSON: {"user":[60,1000,10000]}',
);

const NAMES: Record<number, string> = { 60: 'minute', 3600: 'hour', 86400: 'day' };

/** Something that a request counts against, and what its windows are called in an answer. */
export interface Count {
  subject: string;
  windows: Window[];
  nameOf: (seconds: number) => string;
}

/** By key where that has a limit of its own, and by person once somebody is known, by address before. */
export function countsOf(actor: Actor | undefined, address: string, limits: LimitsByRole): Count[] {
  const limit = actor?.limits?.requestsPerMinute;
  const person = {
    subject: actor ? `user:${actor.userId}` : `address:${network(address)}`,
    windows: windowsOf(limits, actor),
    nameOf: (seconds: number) => NAMES[seconds] ?? '',
  };
  const ofPerson = person.windows.length > 0 ? [person] : [];
  if (!actor || limit === undefined) return ofPerson;
  const key = { subject: `key:${budgetOf(actor)}`, windows: [{ limit, seconds: 60 }], nameOf: () => 'key' };
  return [key, ...ofPerson];
}
