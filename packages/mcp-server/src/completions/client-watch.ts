import type { OnLeft } from './outlet.ts';

export interface ClientWatch {
  /** Aborts when the caller went away and the time to wait for the provider's usage is over. */
  signal: AbortSignal;
  /** True once the caller went away before the answer was complete. */
  left: () => boolean;
  stop: () => void;
}

/** Watches whether the caller is still there; `patience` is in milliseconds. */
export function watchClient(onLeft: OnLeft, patience: number): ClientWatch {
  const controller = new AbortController();
  let left = false;
  let timer: NodeJS.Timeout | undefined;
  const stop = onLeft(() => {
    left = true;
    timer = setTimeout(() => {
      controller.abort();
    }, patience);
  });
  return {
    signal: controller.signal,
    left: () => left,
    stop: () => {
      clearTimeout(timer);
      stop();
    },
  };
}
