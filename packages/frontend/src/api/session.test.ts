import type { Session } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it, vi } from 'vitest';
import { deferred, type Deferred } from '../testing/deferred.ts';
import { sampleSession } from '../testing/samples.ts';
import { HubError, HubUnreachable } from './hub-error.ts';
import { createSession, onPersonChange, type Lock } from './session.ts';

const alone: Lock = (task) => task();

/** A refresh that answers when the test says so. */
function slowRefresh() {
  const waiting: Deferred<Session>[] = [];
  const refresh = vi.fn(() => {
    const answer = deferred<Session>();
    waiting.push(answer);
    return answer.promise;
  });
  return { refresh, waiting };
}

const ended = () => Promise.reject(new HubError('invalid-refresh-token', {}));

describe('start', () => {
  it('finds the session of the cookie, once', async () => {
    const refresh = vi.fn(async () => sampleSession('a'));
    const session = createSession({ refresh, lock: alone });
    expect(await session.start()).toMatchObject({ email: 'ada@example.com' });
    expect(await session.start()).toMatchObject({ email: 'ada@example.com' });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('knows that nobody is signed in', async () => {
    const session = createSession({ refresh: ended, lock: alone });
    expect(await session.start()).toBeUndefined();
    expect(await session.token()).toBeUndefined();
  });

  it('does not take an unreachable hub for a sign-out, and asks again', async () => {
    const refresh = vi.fn<() => Promise<Session>>();
    refresh.mockRejectedValueOnce(new HubUnreachable('offline')).mockResolvedValueOnce(sampleSession('a'));
    const session = createSession({ refresh, lock: alone });
    await expect(session.start()).rejects.toBeInstanceOf(HubUnreachable);
    expect(await session.start()).toBeDefined();
  });
});

describe('update', () => {
  it('shows what changed of the person, and of nobody else', () => {
    const session = createSession({ refresh: ended, lock: alone });
    const { user } = sampleSession('a');
    const told = vi.fn();
    session.update({ ...user, locale: 'th' });
    expect(session.user()).toBeUndefined();
    session.adopt(sampleSession('a'));
    session.subscribe(told);
    session.update({ ...user, locale: 'th' });
    expect(session.user()).toMatchObject({ id: user.id, locale: 'th' });
    session.update({ ...user, id: '22222222-2222-4222-8222-222222222222' });
    expect(session.user()).toMatchObject({ id: user.id });
    expect(told).toHaveBeenCalledTimes(1);
  });
});

describe('token', () => {
  it('is used until shortly before its end, and then renewed', async () => {
    let now = 0;
    const refresh = vi.fn(async () => sampleSession('b'));
    const session = createSession({ refresh, lock: alone, now: () => now });
    session.adopt(sampleSession('a'));
    now = 869_000;
    expect(await session.token()).toBe('a');
    now = 870_000;
    expect(await session.token()).toBe('b');
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('is renewed once for all callers that wait', async () => {
    const { refresh, waiting } = slowRefresh();
    const session = createSession({ refresh, lock: alone });
    session.adopt(sampleSession('a'));
    const asked = Promise.all([session.token('a'), session.token('a'), session.token('a')]);
    waiting[0]?.resolve(sampleSession('b'));
    expect(await asked).toEqual(['b', 'b', 'b']);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('is not renewed again for a caller that was refused with an older one', async () => {
    const refresh = vi.fn(async () => sampleSession('c'));
    const session = createSession({ refresh, lock: alone });
    session.adopt(sampleSession('b'));
    expect(await session.token('a')).toBe('b');
    expect(refresh).not.toHaveBeenCalled();
  });

  it('ends the session when it cannot be renewed any more', async () => {
    const session = createSession({ refresh: ended, lock: alone });
    session.adopt(sampleSession('a'));
    expect(await session.token('a')).toBeUndefined();
    expect(session.user()).toBeUndefined();
  });

  it('takes turns with other tabs', async () => {
    let turns = 0;
    const lock: Lock = (task) => {
      turns += 1;
      return task();
    };
    const session = createSession({ refresh: async () => sampleSession('b'), lock });
    session.adopt(sampleSession('a'));
    await session.token('a');
    expect(turns).toBe(1);
  });
});

describe('a renewal that is overtaken', () => {
  it('does not sign somebody in again who has signed out', async () => {
    const { refresh, waiting } = slowRefresh();
    const session = createSession({ refresh, lock: alone });
    session.adopt(sampleSession('a'));
    const asked = session.token('a');
    session.end();
    waiting[0]?.resolve(sampleSession('b'));
    expect(await asked).toBeUndefined();
  });

  it('does not sign out somebody who has signed in meanwhile', async () => {
    const { refresh, waiting } = slowRefresh();
    const session = createSession({ refresh, lock: alone });
    const started = session.start();
    session.adopt(sampleSession('new'));
    waiting[0]?.reject(new HubError('invalid-refresh-token', {}));
    await started;
    expect(await session.token()).toBe('new');
  });
});

describe('who is told', () => {
  it('every subscriber, until it leaves', () => {
    const session = createSession({ refresh: ended, lock: alone });
    const listener = vi.fn();
    const leave = session.subscribe(listener);
    session.adopt(sampleSession('a'));
    leave();
    session.end();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('whoever cares for another person only: not for a renewal, nor for the first sign-in', () => {
    const session = createSession({ refresh: ended, lock: alone });
    const changed = vi.fn();
    onPersonChange(session, changed);
    session.adopt(sampleSession('a'));
    session.adopt(sampleSession('b'));
    expect(changed).not.toHaveBeenCalled();
    session.adopt(sampleSession('c', { id: '99999999-9999-4999-8999-999999999999' }));
    expect(changed).toHaveBeenCalledTimes(1);
    session.end();
    expect(changed).toHaveBeenCalledTimes(2);
  });
});
