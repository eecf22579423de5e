import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openAnswerRoom } from './answer-room.ts';
import { relayStream } from './relay-stream.ts';

const KIB = 1024;
const PART = 64 * KIB;
/** Of an event with an image. */
const LARGE = 1024 * KIB;
const ROOM = 1024 * KIB;

const eventOf = (type: string, bytes: number) =>
  Buffer.from(`data: ${JSON.stringify({ type, b64_json: 'A'.repeat(bytes) })}\n\n`);

/** A stream of a draft and an image, part by part, and how far it has been read. */
function drawing(room: ReturnType<typeof openAnswerRoom>) {
  const bytes = Buffer.concat([
    eventOf('image_generation.partial_image', LARGE),
    eventOf('image_generation.completed', LARGE),
  ]);
  const seen = { read: 0, written: 0, isWaiting: false };
  async function* body() {
    for (; seen.read < bytes.length; seen.read += PART) {
      await Promise.resolve();
      yield bytes.subarray(seen.read, seen.read + PART);
    }
  }
  const taking = new AbortController();
  const write = async (text: string) => {
    seen.isWaiting = true;
    if (!taking.signal.aborted) await once(taking.signal, 'abort');
    [seen.written, seen.isWaiting] = [seen.written + text.length, false];
  };
  const leaving = new AbortController();
  const relayed = relayStream(
    { status: 200, headers: {}, body: body(), cancel: () => undefined },
    {
      ...{ provider: { name: 'vendor', format: 'openai' }, service: 'image', translator: undefined },
      sink: { hasBegun: () => true, write, end: () => undefined },
      ...{ showUsage: true, room, signal: leaving.signal },
    },
  );
  return {
    relayed,
    seen,
    bytes: bytes.length,
    leave: () => leaving.abort(new Error('left')),
    take: () => taking.abort(),
  };
}

test('a large event takes room until its caller has taken it, and another stream waits meanwhile', async () => {
  const room = openAnswerRoom(ROOM);
  const one = drawing(room);
  await expect.poll(() => one.seen.isWaiting).toBe(true);
  expect(room.held()).toBeGreaterThan(LARGE / 2);
  const other = drawing(room);
  const [before, slow] = [room.held(), () => one.seen.written];
  await expect.poll(() => other.seen.read).toBeGreaterThan(0);
  expect([other.seen.isWaiting, slow()]).toEqual([false, 0]);
  expect(before).toBeLessThanOrEqual(ROOM);
  for (const { take } of [one, other]) take();
  for (const { relayed } of [one, other])
    expect(await relayed).toMatchObject({ images: 1, finished: true, failure: undefined });
  expect([one, other].map(({ seen, bytes }) => seen.written === bytes)).toEqual([true, true]);
  expect(room.held()).toBe(0);
});

test('whoever leaves while their event waits for room takes none', async () => {
  const room = openAnswerRoom(ROOM);
  const [one, gone] = [drawing(room), drawing(room)];
  await expect.poll(() => [one, gone].some(({ seen }) => seen.isWaiting)).toBe(true);
  const [first, waits] = one.seen.isWaiting ? [one, gone] : [gone, one];
  waits.leave();
  expect(await waits.relayed).toMatchObject({ finished: false, failure: { code: 'provider-failed' } });
  first.take();
  await first.relayed;
  expect(room.held()).toBe(0);
});
