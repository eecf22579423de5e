import { useEffect, useState } from 'react';

/** What the fragment brings leaves the address bar as soon as it is read, and with it the browser's history. */
export function useFragment<T>(read: (hash: string) => T): T {
  const [found] = useState(() => read(window.location.hash));
  useEffect(() => {
    const { hash, pathname, search } = window.location;
    if (hash) window.history.replaceState(window.history.state, '', pathname + search);
  }, []);
  return found;
}
