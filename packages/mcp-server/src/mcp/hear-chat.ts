import { hearParts } from '../completions/hear-parts.ts';
import { type Usage, usageOf } from '../completions/measure.ts';
import type { OnLeft, Outlet } from '../completions/outlet.ts';
import { choiceOf } from '../translation/completion-shape.ts';
import type { Tell } from './tell-progress.ts';

interface ChatAnswer {
  text: string;
  finishReason: string | null;
  usage: Usage | null;
}

export interface HeardChat {
  /** For a stream in OpenAI's format. */
  outlet: Outlet;
  /** What the model said; throws where it did not come to its end. */
  answer: () => ChatAnswer;
}

/** Listens to a chat in place of a caller over HTTP, and tells each part as it comes. */
export function hearChat(tell: Tell, onLeft: OnLeft): HeardChat {
  const heard: ChatAnswer = { text: '', finishReason: null, usage: null };
  const { outlet, failure } = hearParts(async (part) => {
    heard.usage = usageOf(part) ?? heard.usage;
    const { said, finish } = choiceOf(part) ?? {};
    heard.finishReason = finish ?? heard.finishReason;
    if (!said?.text) return;
    heard.text += said.text;
    await tell(said.text);
  });
  return {
    outlet: { ...outlet, onLeft },
    answer: () => {
      const failed = failure();
      if (failed) throw failed;
      return heard;
    },
  };
}
