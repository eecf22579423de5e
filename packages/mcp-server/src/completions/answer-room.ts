/** What one answer takes of the room. */
export interface Seat {
  /** Resolves when there is room for so many bytes more; rejects as the signal is aborted. */
  take: (bytes: number, signal: AbortSignal) => Promise<void>;
  /** It is in memory no more. */
  leave: () => void;
}

export interface AnswerRoom {
  enter: () => Seat;
  /** Bytes that are in it now. */
  held: () => number;
}

interface Waiter {
  seat: Seat;
  bytes: number;
  grant: () => void;
}

/** Bytes of an answer that need no room: nobody waits for an answer of words. */
const FREE = 256 * 1024;

/**
 * Room in memory for answers that are read as a whole, and for large events of streams, `size` bytes for all calls of the process. Where there is none an
 * answer is read no further until another has been delivered. Where all wait for each other one goes on all the same, and
 * it alone until it is delivered: so there is never more than `size`, and one answer.
 */
export function openAnswerRoom(size: number): AnswerRoom {
  let held = 0;
  const waiting: Waiter[] = [];
  /** Seats that hold something and do not wait: one day they leave. */
  const active = new Set<Seat>();
  let ahead: Seat | undefined;

  const letIn = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (held + next.bytes > size) {
        if (active.size > 0) return;
        ahead = next.seat;
      }
      waiting.shift();
      next.grant();
    }
  };
  const isRoomFor = (seat: Seat, bytes: number) =>
    ahead === seat || (waiting.length === 0 && held + bytes <= size);

  const enter = (): Seat => {
    let [own, read] = [0, 0];
    const seat: Seat = {
      take: async (bytes, signal) => {
        const wanted = bytes - Math.max(0, Math.min(bytes, FREE - read));
        read += bytes;
        if (wanted === 0) return;
        const hold = () => {
          own += wanted;
          held += wanted;
          active.add(seat);
        };
        if (isRoomFor(seat, wanted)) {
          hold();
          return;
        }
        active.delete(seat);
        const granted = standIn(waiting, { seat, bytes: wanted, grant: hold }, signal);
        letIn();
        await granted;
      },
      leave: () => {
        held -= own;
        own = 0;
        active.delete(seat);
        if (ahead === seat) ahead = undefined;
        letIn();
      },
    };
    return seat;
  };
  return { enter, held: () => held };
}

/** Stands in the line until it is granted; rejects as the signal is aborted, and stands there no more. */
const standIn = (line: Waiter[], { grant, ...asked }: Waiter, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const waiter = {
      ...asked,
      grant: () => {
        signal.removeEventListener('abort', leave);
        grant();
        resolve();
      },
    };
    const leave = () => {
      line.splice(line.indexOf(waiter), 1);
      reject(signal.reason as Error); // what aborts calls here are errors
    };
    signal.addEventListener('abort', leave, { once: true });
    line.push(waiter);
  });
