import type { ServerResponse } from 'node:http';

export interface ClientWatch {
  /** Aborts when the caller went away and the time to wait for the provider's usage is over. */
  signal: AbortSignal;
  /** True once the caller went away before the answer was complete. */
  left: () => boolean;
  stop: () => void;
}

/** Watches whether the caller is still there; `patience` is in milliseconds. */
export function watchClient(response: ServerResponse, patience: number): ClientWatch {
  const controller = new AbortController();
  let left = false;
  let timer: NodeJS.Timeout | undefined;
  const onClose = () => {
    if (response.writableEnded) return;
    left = true;
    timer = setTimeout(() => {
      controller.abort();
    }, patience);
  };
  response.once('close', onClose);
  if (response.destroyed) onClose();
  return {
    signal: controller.signal,
    left: () => left,
    stop: () => {
      clearTimeout(timer);
      response.off('close', onClose);
    },
  };
}
