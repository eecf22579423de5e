import type { Terminal } from './terminal.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const COLUMNS = 100;

/** A terminal with colours that keeps what a person sees of it. */
export interface Tape {
  terminal: Terminal;
  /** A line as it is typed, behind a prompt. */
  type: (line: string) => void;
  /** All of it, with its times in seconds, as asciinema writes it (asciicast v2). */
  cast: () => string;
}

export function startTape(settings?: Partial<Terminal['settings']>): Tape {
  const start = performance.now();
  const events: [seconds: number, kind: 'o', text: string][] = [];
  const show = (text: string) => {
    const seconds = Math.round(performance.now() - start) / 1000;
    events.push([seconds, 'o', text.replaceAll('\n', '\r\n')]);
  };
  return {
    terminal: { ...fakeTerminal({ ...(settings && { settings }) }), colours: true, out: show, err: show },
    type: (line) => {
      show(`${events.length > 0 ? '\n' : ''}$ ${line}\n`);
    },
    cast: () => {
      const text = events.map((event) => event[2]).join('');
      const header = { version: 2, width: COLUMNS, height: text.split('\n').length };
      return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
    },
  };
}
