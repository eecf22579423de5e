/** Those who want to know when a store changes; `subscribe` is what React's useSyncExternalStore asks for. */
export function createListeners() {
  const all = new Set<() => void>();
  return {
    tell: () => {
      for (const listener of all) listener();
    },
    subscribe: (listener: () => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
  };
}
