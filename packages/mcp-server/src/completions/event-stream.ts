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
}

/** Cuts a byte stream into whole events, wherever its chunks end: in a line, or in a UTF-8 character. */
export function createEventParser(): EventParser {
  const decoder = new StringDecoder('utf8');
  let buffer = '';
  let seen = 0;
  return {
    push: (chunk) => {
      buffer += decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      const events: ServerEvent[] = [];
      let start = 0;
      for (let end = endOfEvent(buffer, seen); end > 0; end = endOfEvent(buffer, start)) {
        const raw = buffer.slice(start, end);
        events.push({ raw, data: dataOf(raw) });
        start = end;
      }
      buffer = buffer.slice(start);
      seen = Math.max(0, buffer.length - 3); // a blank line may be cut in two
      if (buffer.length > MAX_EVENT)
        throw new DomainError('provider-failed', { detail: 'an event is too large' });
      return events;
    },
    rest: () => buffer,
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
