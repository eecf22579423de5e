import type { Settings, Terminal } from './terminal.ts';

/** A terminal that remembers what it showed. */
export interface FakeTerminal extends Terminal {
  said: string;
  complained: string;
}

interface Faked {
  /** What a person answers, in this order; without them nobody is there. */
  answers?: string[] | undefined;
  /** What is piped in. */
  input?: string | undefined;
  settings?: Partial<Settings>;
}

export function fakeTerminal({ answers, input = '', settings }: Faked = {}): FakeTerminal {
  const answer = answers && ((_: string) => Promise.resolve(answers.shift() ?? ''));
  const own: FakeTerminal = {
    said: '',
    complained: '',
    colours: false,
    out: (text: string) => void (own.said += text),
    err: (text: string) => void (own.complained += text),
    ask: answer,
    askHidden: answer,
    input: () => Promise.resolve(input),
    settings: { identityFile: '/nonexistent/identity', ...settings },
  };
  return own;
}
