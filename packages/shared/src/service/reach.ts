import { type Actor, type Permission, type Reach, reachOfScope } from '../contracts/index.ts';
import { requirePermission } from './bind.ts';

/** What it takes to tell whom somebody reaches. */
export interface Reaching {
  actor: Actor;
  /** Members of the teams that a person manages, as they are now. */
  membersOf: (managerId: string) => Promise<readonly string[]>;
}

/** Whom the permission lets the actor reach; rejects with `forbidden` for one that the actor does not have. */
export async function reachOf({ actor, membersOf }: Reaching, permission: Permission): Promise<Reach> {
  return reachOfScope(requirePermission(actor, permission), actor.userId, membersOf);
}
