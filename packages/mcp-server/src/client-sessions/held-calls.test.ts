import { DomainError } from '@smart-ai-hub/shared/contracts';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, describe, expect, test } from 'vitest';
import type { Answer } from '../upstreams/question.ts';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import type { Round, Run } from './held-call.ts';
import { openHeldCalls } from './held-calls.ts';

const store = memoryStore();
afterAll(() => store.close());

const stays = () => new AbortController().signal;
const question = (message: string) => ({ method: 'elicitation/create', params: { message } });

/** A call that asks each of these, one after the other, and tells what it heard. */
const asking =
  (...messages: string[]): Run =>
  async ({ onAsked, signal }) => {
    const heard: Answer[] = [];
    for (const message of messages) heard.push(await onAsked(question(message), signal));
    return { heard };
  };
/** The name under which it is held, and its questions. */
function heldAs(round: Round) {
  if (!('asked' in round) || round.id === undefined) throw new Error('nothing is asked');
  return { id: round.id, keys: Object.keys(round.asked) };
}

describe.each(['the process that holds it', 'another process'])('answered at %s', (where) => {
  const open = async () => {
    const mine = await openHeldCalls(store.keyValue);
    return { mine, at: where === 'another process' ? await openHeldCalls(store.keyValue) : mine };
  };
  const resume = (at: Awaited<ReturnType<typeof openHeldCalls>>, round: Round, said: object) => {
    const { id, keys } = heldAs(round);
    return at.resume(
      { id, owner: 'me', responses: Object.fromEntries(keys.map((key) => [key, said])) },
      stays(),
    );
  };

  test('a call goes on, question by question, under a new name each time', async () => {
    const { mine, at } = await open();
    const first = await mine.begin('me', stays(), asking('one', 'two'));
    const second = await resume(at, first, { said: 1 });
    expect(heldAs(second).id).not.toBe(heldAs(first).id);
    expect(await resume(at, second, { said: 2 })).toEqual({ answer: { heard: [{ said: 1 }, { said: 2 }] } });
  });

  test('questions of one moment come together', async () => {
    const { mine, at } = await open();
    const round = await mine.begin('me', stays(), async ({ onAsked, signal }) => {
      const said = await Promise.all(['one', 'two'].map((message) => onAsked(question(message), signal)));
      return { said };
    });
    expect(heldAs(round).keys).toHaveLength(2);
    expect(await resume(at, round, { a: 1 })).toEqual({ answer: { said: [{ a: 1 }, { a: 1 }] } });
  });

  test.each<[string, UpstreamRefusal | DomainError]>([
    ['the server’s own refusal', new UpstreamRefusal({ code: -32_000, message: 'no', data: { why: 1 } })],
    ['a failure', new DomainError('mcp-server-timeout', { detail: 'it did not answer in time' })],
  ])('%s comes back as it is', async (_what, error) => {
    const { mine, at } = await open();
    const round = await mine.begin('me', stays(), async (over) => {
      await asking('one')(over);
      throw error;
    });
    await expect(resume(at, round, {})).rejects.toMatchObject({ code: error.code, message: error.message });
  });

  test('whoever leaves meanwhile ends it', async () => {
    const { mine, at } = await open();
    let [isAtWork, ended] = [false, false];
    const round = await mine.begin('me', stays(), async (over) => {
      await asking('one')(over);
      isAtWork = true;
      return new Promise<Answer>((_, reject) => {
        over.signal.addEventListener('abort', () => {
          ended = true;
          reject(new Error('ended'));
        });
      });
    });
    const { id, keys } = heldAs(round);
    const leaving = new AbortController();
    const responses = Object.fromEntries(keys.map((key) => [key, {}]));
    const gone = at.resume({ id, owner: 'me', responses }, leaving.signal);
    const outcome = expect(gone).rejects.toThrow();
    await expect.poll(() => isAtWork).toBe(true);
    leaving.abort(new Error('left'));
    await outcome;
    await expect.poll(() => ended).toBe(true);
  });

  test('it is over for who comes a second time, and never was somebody else’s', async () => {
    const { mine, at } = await open();
    const round = await mine.begin('me', stays(), asking('one'));
    const { id } = heldAs(round);
    const over = { code: 'invalid-request' };
    await expect(at.resume({ id, owner: 'you', responses: {} }, stays())).rejects.toMatchObject(over);
    await resume(at, round, {});
    await expect(resume(at, round, {})).rejects.toMatchObject(over);
  }, 10_000);
});

test('a person has eight, and who stops ends them all', async () => {
  const calls = await openHeldCalls(store.keyValue);
  const reasons: unknown[] = [];
  const open = (owner: string) =>
    calls.begin(owner, stays(), (over) =>
      asking('one')(over).catch((error: unknown) => {
        reasons.push(error);
        throw error;
      }),
    );
  for (let i = 0; i < 8; i++) await open('me');
  await expect(open('me')).rejects.toMatchObject({ code: 'rate-limited' });
  await open('you');
  calls.close();
  await expect.poll(() => reasons).toHaveLength(10);
});
