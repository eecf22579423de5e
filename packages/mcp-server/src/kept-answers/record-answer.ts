import type { EventSink } from '../completions/event-sink.ts';
import type { Outlet } from '../completions/outlet.ts';
import { type KeptAnswer, LARGEST_KEPT } from './kept-answer.ts';

export interface Recorder {
  outlet: Outlet;
  /** Resolves when the end of a stream was told. */
  told: () => Promise<void>;
}

/**
 * Passes an answer on and, before its end is told, hands it to `keep`, which never rejects: whoever has heard an answer
 * to its end finds it kept. One that is larger than what is kept is passed on alone.
 */
export function recordAnswer(outlet: Outlet, keep: (answer: KeptAnswer) => Promise<void>): Recorder {
  let told = Promise.resolve();
  const keepSmall = async (answer: KeptAnswer) => {
    if (Buffer.byteLength(answer.text) <= LARGEST_KEPT) await keep(answer);
  };
  return {
    outlet: {
      ...outlet,
      whole: async (text) => {
        await keepSmall({ kind: 'whole', text });
        await outlet.whole(text);
      },
      refusal: async (status, text) => {
        await keepSmall({ kind: 'refusal', status, text });
        await outlet.refusal(status, text);
      },
      events: () =>
        recordEvents(outlet.events(), async (text, end) => {
          told = keepSmall({ kind: 'events', text }).then(end);
          await told;
        }),
    },
    told: () => told,
  };
}

function recordEvents(sink: EventSink, onEnd: (text: string, end: () => void) => Promise<void>): EventSink {
  let text = '';
  return {
    hasBegun: sink.hasBegun,
    write: async (events) => {
      if (text.length <= LARGEST_KEPT) text += events; // more than that is not kept, and need not be remembered
      await sink.write(events);
    },
    end: () => {
      void onEnd(text, sink.end);
    },
  };
}
