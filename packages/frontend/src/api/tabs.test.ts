import { describe, expect, it, vi } from 'vitest';
import { sampleSession } from '../testing/samples.ts';
import { HubError } from './hub-error.ts';
import { createSession } from './session.ts';
import { createLock, followOtherTabs } from './tabs.ts';

const signedIn = () => {
  const refresh = () => Promise.reject(new HubError('invalid-refresh-token', {}));
  const session = createSession({ refresh, lock: (task) => task() });
  session.adopt(sampleSession('a'));
  return session;
};

describe('createLock', () => {
  const refresh = async () => sampleSession('a');

  it('refreshes even where the browser has no locks', async () => {
    expect(await createLock(undefined)(refresh)).toEqual(sampleSession('a'));
  });

  it('asks the browser for one lock, the same in every tab', async () => {
    const request = vi.fn((_name: string, task: typeof refresh) => task());
    expect(await createLock({ request })(refresh)).toEqual(sampleSession('a'));
    expect(request.mock.calls[0]?.[0]).toBe('smart-ai-hub-session');
  });
});

describe('followOtherTabs', () => {
  it('ends the session here when another tab signs out', async () => {
    const session = signedIn();
    const [here, there] = [new BroadcastChannel('test'), new BroadcastChannel('test')];
    followOtherTabs(session, here);
    const ended = new Promise<void>((resolve) => session.subscribe(resolve));
    there.postMessage('something else');
    there.postMessage('signed-out');
    await ended;
    expect(session.user()).toBeUndefined();
    here.close();
    there.close();
  });

  it('tells the others', () => {
    const channel = { postMessage: vi.fn(), addEventListener: vi.fn() };
    followOtherTabs(signedIn(), channel)();
    expect(channel.postMessage).toHaveBeenCalledWith('signed-out');
  });
});
