import { useEffect, useState } from 'react';
import { fragmentTokenOf } from './fragment-token.ts';

/** The token leaves the address bar as soon as it is read, and with it the browser's history. */
export function useFragmentToken(): string {
  const [token] = useState(() => fragmentTokenOf(window.location.hash));
  useEffect(() => {
    if (token) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [token]);
  return token;
}
