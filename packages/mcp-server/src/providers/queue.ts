import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';

export interface QueueOptions {
  /** Who is waited for, in words. */
  name: string;
  /** Calls at once. */
  places: number;
  /** Calls that may wait for a place. */
  seats: number;
  /** Milliseconds that one waits at most. */
  patience: number;
  /** What somebody hears for whom there is no place. */
  code?: ProblemCode;
}

/** Runs work as soon as there is a place for it; rejects with `provider-busy` where there is none in time. */
export type Queue = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Calls at this moment. */
export interface Load {
  running: number;
  waiting: number;
}

/** Bounds what is under way and what waits, first come, first served. */
export function openQueue({
  name,
  places,
  seats,
  patience,
  code = 'provider-busy',
}: QueueOptions): Queue & { load: () => Load } {
  let free = places;
  const waiting = new Set<() => void>();

  const isFull = () =>
    new DomainError(code, {
      detail: `${name} has as many requests of this hub as it may have`,
      retryAfter: Math.ceil(patience / 1000),
    });

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        waiting.delete(enter);
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      };
      const enter = () => {
        stop();
        resolve();
      };
      const abort = () => {
        stop();
        reject(new DOMException('the caller left', 'AbortError'));
      };
      const timer = setTimeout(() => {
        stop();
        reject(isFull());
      }, patience);
      signal.addEventListener('abort', abort);
      waiting.add(enter);
    });

  /** The place goes to whoever has waited longest, if anybody has. */
  const passOn = () => {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  };

  const run: Queue = async (work, signal) => {
    if (free > 0) free -= 1;
    else if (waiting.size >= seats) throw isFull();
    else await wait(signal);
    try {
      return await work();
    } finally {
      passOn();
    }
  };
  return Object.assign(run, { load: () => ({ running: places - free, waiting: waiting.size }) });
}
