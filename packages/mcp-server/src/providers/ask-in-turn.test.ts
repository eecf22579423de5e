import { DomainError } from '@smart-ai-hub/shared/contracts';
import { expect, test } from 'vitest';
import { askInTurn } from './ask-in-turn.ts';
import { LastingFailure } from './provider-failure.ts';

const { signal } = new AbortController();
const patience = { retries: 3, pause: 1, signal };

const passing = (retryAfter?: number) =>
  new DomainError('provider-rate-limited', retryAfter === undefined ? {} : { retryAfter });
const lasting = new LastingFailure('provider-failed', { detail: 'the key is wrong' });

/** Fails as it is told to, one after the other, and then answers; remembers who was asked. */
function script(...failures: Error[]) {
  const asked: string[] = [];
  return {
    asked,
    ask: (name: string) => {
      asked.push(name);
      const failure = failures.shift();
      return failure ? Promise.reject(failure) : Promise.resolve(`${name} answers`);
    },
  };
}

test('the first who answers is the last who is asked', async () => {
  const { ask, asked } = script(lasting);
  await expect(askInTurn(['a', 'b', 'c'], ask, patience)).resolves.toBe('b answers');
  expect(asked).toEqual(['a', 'b']);
});

test('when all failed, all are asked again, as often as said', async () => {
  const { ask, asked } = script(...Array.from({ length: 8 }, () => passing()));
  await expect(askInTurn(['a', 'b'], ask, patience)).rejects.toMatchObject({ code: 'provider-rate-limited' });
  expect(asked.join('')).toBe('abababab');
});

test('nobody is asked again where that would help nothing', async () => {
  const { ask, asked } = script(lasting, lasting);
  await expect(askInTurn(['a', 'b'], ask, patience)).rejects.toBe(lasting);
  expect(asked).toEqual(['a', 'b']);
});

test('a mistake of the caller is told at once', async () => {
  const { ask, asked } = script(new Error('not for any provider'));
  await expect(askInTurn(['a', 'b'], ask, patience)).rejects.toThrow('not for any provider');
  expect(asked).toEqual(['a']);
});

test('who asks for time gets it, and is not waited for where it is too long', async () => {
  const begun = performance.now();
  const { ask } = script(passing(0.05));
  await expect(askInTurn(['a'], ask, patience)).resolves.toBe('a answers');
  expect(performance.now() - begun).toBeGreaterThanOrEqual(49);
  const { ask: askLater, asked } = script(passing(60));
  await expect(askInTurn(['a'], askLater, patience)).rejects.toMatchObject({ retryAfter: 60 });
  expect(asked).toEqual(['a']);
});

test('nobody is asked again for a caller who left', async () => {
  const leaving = new AbortController();
  const { ask, asked } = script(passing());
  const left = askInTurn(['a'], ask, { retries: 3, pause: 5_000, signal: leaving.signal });
  leaving.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  expect(asked).toEqual(['a']);
});
