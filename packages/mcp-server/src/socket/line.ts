import type { OnLeft } from '../completions/outlet.ts';

/** Between one call and the client who waits for it. */
export interface Line {
  onLeft: OnLeft;
  /** The client waits no more: it cancelled the call, or went away. */
  leave: () => void;
  left: () => boolean;
}

export function openLine(): Line {
  const listeners = new Set<() => void>();
  let left = false;
  return {
    onLeft: (tell) => {
      if (left) tell();
      else listeners.add(tell);
      return () => listeners.delete(tell);
    },
    leave: () => {
      if (left) return;
      left = true;
      for (const tell of listeners) tell();
    },
    left: () => left,
  };
}
