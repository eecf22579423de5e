import { describe, expect, it } from 'vitest';
import { streamOf } from '../testing/fake-server.ts';
import { readEvents } from './sse.ts';

async function eventsOf(...pieces: (string | Uint8Array<ArrayBuffer>)[]): Promise<string[]> {
  const events: string[] = [];
  for await (const event of readEvents(streamOf(pieces))) events.push(event);
  return events;
}

describe('readEvents', () => {
  it('reads one event after another', async () => {
    expect(await eventsOf('data: a\n\ndata: b\n\n')).toEqual(['a', 'b']);
  });

  it.each([['\n'], ['\r\n'], ['\r']])('takes %j as the end of a line', async (end) => {
    expect(await eventsOf(`data: a${end}${end}data: b${end}${end}\n`)).toEqual(['a', 'b']);
  });

  it('does not care where the pieces are cut', async () => {
    const bytes = new TextEncoder().encode('data: สวัสดี\r\n\r\ndata: x\r\n\r\n');
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await eventsOf(...pieces)).toEqual(['สวัสดี', 'x']);
  });

  it('joins the lines of one event', async () => {
    expect(await eventsOf('data: a\ndata: b\n\n')).toEqual(['a\nb']);
  });

  it('takes away one space at most', async () => {
    expect(await eventsOf('data:a\n\ndata:  b\n\n')).toEqual(['a', ' b']);
  });

  it('leaves out comments and other fields', async () => {
    expect(await eventsOf(': ping\n\nevent: x\nid: 1\ndata: a\n\n')).toEqual(['a']);
  });

  it('drops an event that was not finished', async () => {
    expect(await eventsOf('data: a\n\ndata: b')).toEqual(['a']);
  });

  it('gives the stream back when its reader leaves early', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: a\n\n')),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of readEvents(endless)) {
      expect(event).toBe('a');
      break;
    }
    expect(cancelled).toBe(true);
  });
});
