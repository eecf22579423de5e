import type { Person } from '@smart-ai-hub/shared/contracts';
import type { Hub } from '../../api/hub.ts';

/** What an administrator does to somebody. */
export type UserAct = 'disable' | 'enable' | 'signOut' | 'delete';

export async function perform(hub: Hub, act: UserAct, { id: userId }: Person): Promise<void> {
  const params = { userId };
  if (act === 'delete') await hub.users.deleteUser({ params });
  else if (act === 'signOut') await hub.users.endUserSessions({ params });
  else await hub.users.updateUser({ params, body: { disabled: act === 'disable' } });
}
