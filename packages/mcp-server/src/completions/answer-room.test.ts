import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openAnswerRoom, type Seat } from './answer-room.ts';

const KIB = 1024;
const FREE = 256 * KIB;
/** Of a caller who stays. */
const stays = () => new AbortController().signal;

/** A seat past what needs no room. */
async function seated(room: ReturnType<typeof openAnswerRoom>): Promise<Seat> {
  const seat = room.enter();
  await seat.take(FREE, stays());
  return seat;
}

test('answers of words need no room', async () => {
  const room = openAnswerRoom(10);
  const seats = await Promise.all(Array.from({ length: 1000 }, () => seated(room)));
  expect([seats.length, room.held()]).toEqual([1000, 0]);
});

test('an answer waits until another was delivered', async () => {
  const room = openAnswerRoom(100);
  const [one, other] = [await seated(room), await seated(room)];
  await one.take(80, stays());
  let isIn = false;
  const taken = other.take(30, stays()).then(() => (isIn = true));
  await Promise.resolve();
  expect(isIn).toBe(false);
  one.leave();
  await taken;
  expect(room.held()).toBe(30);
});

test('whoever left waits no more, and stands in nobody’s way', async () => {
  const room = openAnswerRoom(100);
  const [one, gone, last] = [await seated(room), await seated(room), await seated(room)];
  await one.take(90, stays());
  const leaving = new AbortController();
  const taken = gone.take(50, leaving.signal);
  const next = last.take(20, stays());
  leaving.abort(new Error('left'));
  await expect(taken).rejects.toThrow('left');
  gone.leave();
  one.leave();
  await next;
  last.leave();
  expect(room.held()).toBe(0);
});

test('however answers come in, all are read, and no more is held than the room and one answer', async () => {
  const size = 1000;
  const parts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 12 }), async (answers) => {
      const room = openAnswerRoom(size);
      const largest = Math.max(...answers.map((one) => one.reduce((sum, bytes) => sum + bytes, 0)));
      const read = async (bytes: number[]) => {
        const seat = await seated(room);
        for (const part of bytes) {
          await seat.take(part, stays());
          expect(room.held()).toBeLessThanOrEqual(size + largest);
        }
        seat.leave();
      };
      await Promise.all(answers.map(read));
      expect(room.held()).toBe(0);
    }),
  );
});
