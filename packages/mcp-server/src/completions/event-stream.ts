import { StringDecoder } from 'node:string_decoder';
import { DomainError } from '@smart-ai-hub/shared/contracts';

/** Characters of one event at most. */
const MAX_EVENT = 16 * 1024 * 1024;

/** One server-sent event: its bytes as they came, and its data (WHATWG HTML, 9.2.6). */
export interface ServerEvent {
  raw: string;
  data: string;
}

export interface EventParser {
  /** The events that this chunk completes. */
  push: (chunk: Uint8Array) => ServerEvent[];
  /** What came behind the last whole event. */
  rest: () => string;
  /** Characters of it. */
  open: () => number;
}

/** How much of what came before may belong to the blank line at the end of an event: `\n\r` before `\n`, and one more. */
const TAIL = 3;

/** Cuts a byte stream into whole events, wherever its chunks end: in a line, or in a UTF-8 character. */
export function createEventParser(): EventParser {
  const decoder = new StringDecoder('utf8');
  /** Of the event that is open; put together once it is whole, however many they are. */
  let pieces: string[] = [];
  let length = 0;
  let tail = '';
  const keep = (text: string, before: string) => {
    length += text.length;
    if (length > MAX_EVENT) throw new DomainError('provider-failed', { detail: 'an event is too large' });
    if (text !== '') pieces.push(text);
    tail = (before + text).slice(-TAIL);
  };
  return {
    push: (chunk) => {
      const text = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (endOfEvent(tail + text, 0) === 0) {
        keep(text, tail);
        return [];
      }
      pieces.push(text);
      const buffer = pieces.join('');
      const known = Math.max(0, length - TAIL);
      [pieces, length] = [[], 0]; // a large event is not in memory twice
      const events: ServerEvent[] = [];
      let start = 0;
      for (let end = endOfEvent(buffer, known); end > 0; end = endOfEvent(buffer, start)) {
        const raw = buffer.slice(start, end);
        events.push({ raw, data: dataOf(raw) });
        start = end;
      }
      keep(text.slice(start - buffer.length + text.length), ''); // a part of `buffer` would keep all of it in memory
      return events;
    },
    rest: () => pieces.join(''),
    open: () => length,
  };
}

/** Where the event that is open at `from` ends, behind its blank line; 0 where it is not whole yet. */
function endOfEvent(text: string, from: number): number {
  for (let line = text.indexOf('\n', from); line >= 0; line = text.indexOf('\n', line + 1)) {
    if (text[line + 1] === '\n') return line + 2;
    if (text.startsWith('\r\n', line + 1)) return line + 3;
  }
  return 0;
}

function dataOf(raw: string): string {
  if (raw.startsWith('data: ') && raw.indexOf('\n') === raw.length - 2) return raw.slice(6, -2);
  return raw
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).replace(/^ /, ''))
    .join('\n');
}
