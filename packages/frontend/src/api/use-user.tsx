import type { User } from '@smart-ai-hub/shared/contracts';
import { useSyncExternalStore } from 'react';
import { useHub } from './app-context.tsx';

/** The person who is signed in. */
export function useUser(): User | undefined {
  const { session } = useHub();
  return useSyncExternalStore(session.subscribe, session.user);
}
