import type { Hub } from './hub.ts';
import { HubError } from './hub-error.ts';

/** Ends the session at the hub and here. While the hub cannot be told, the person stays signed in. */
export async function signOut(hub: Hub, tellOtherTabs: () => void): Promise<void> {
  await hub.auth.logout().catch((error: unknown) => {
    const over = error instanceof HubError && error.code === 'unauthenticated';
    if (!over) throw error;
  });
  hub.session.end();
  tellOtherTabs();
}
