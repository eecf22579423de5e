import { Secret } from '@smart-ai-hub/shared/service';
import { afterEach, describe, expect, test } from 'vitest';
import { openUpstream, type Upstream } from './open-upstream.ts';
import type { UpstreamSettings } from './upstream.ts';
import { FAULTY, isThere, node, settingsFor } from './upstream.fixture.ts';

const open: Upstream[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function faulty(more: Partial<UpstreamSettings> = {}, mode = '') {
  const upstream = openUpstream(settingsFor(node(FAULTY, mode), more), { onTools: () => undefined });
  open.push(upstream);
  const call = async (
    name: string,
    args: object = {},
    person = 'me',
    signal = AbortSignal.timeout(30_000),
  ) => {
    const answer = await upstream.ask(person, {
      ...{ method: 'tools/call', params: { name, arguments: args }, signal },
    });
    return textOf(answer);
  };
  return { upstream, call };
}

const areThere = (pids: number[]) => Promise.all(pids.map(isThere));
const textOf = (answer: object): string => /"text":"(.*)"\}\]/.exec(JSON.stringify(answer))?.[1] ?? '';

describe('a child', () => {
  test('that knows no question of today is spoken to as of old', async () => {
    const { call, upstream } = faulty();
    expect(await call('echo', { said: 'hello' })).toBe('hello');
    expect(upstream.health()).toMatchObject({ state: 'up', protocolVersion: '2025-11-25', open: 1 });
  });

  test('that ends on a question of today is asked again as of old', async () => {
    const { call } = faulty({}, 'shy');
    expect(await call('echo', { said: 'hello' })).toBe('hello');
  });

  test('knows of the environment what it was given, and PATH', async () => {
    const transport = { ...node(FAULTY), env: { TOKEN: new Secret('for-it-alone') } };
    const { call } = faulty({ transport });
    const known = JSON.parse(JSON.parse(`"${await call('environment')}"`) as string) as object;
    expect(Object.keys(known).toSorted()).toEqual(['PATH', 'SMART_AI_HUB_CHILD', 'TOKEN']);
  });

  test('that never answers is given up, and ended', async () => {
    const { call } = faulty({ timeout: 600 });
    const pid = Number(await call('pid'));
    await expect(call('hang')).rejects.toMatchObject({ code: 'mcp-server-timeout' });
    await expect.poll(() => isThere(pid)).toBe(false);
    expect(await call('echo', { said: 'a new one' })).toBe('a new one');
  });

  test('that does not even begin is given up, and ended', async () => {
    const { call, upstream } = faulty({ startTimeout: 500, era: '2025-11-25' }, 'mute');
    await expect(call('echo')).rejects.toMatchObject({ code: 'mcp-server-timeout' });
    await expect.poll(() => upstream.health().open).toBe(0);
    expect(upstream.health()).toMatchObject({ state: 'down', error: 'there did not answer in time' });
  });

  test('that dies fails the call, and the next has a new one', async () => {
    const { call } = faulty();
    await expect(call('die')).rejects.toMatchObject({ code: 'mcp-server-failed' });
    expect(await call('echo', { said: 'again' })).toBe('again');
  });

  test.each(['flood', 'complain'])('that does %s is ended', async (fault) => {
    const { call } = faulty();
    const pid = Number(await call('pid'));
    await expect(call(fault)).rejects.toMatchObject({
      code: 'mcp-server-failed',
      message: 'there was ended: it said more than it was asked for',
    });
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  test('that answers with 50 MB is ended before they are here', async () => {
    const { call } = faulty();
    const before = process.memoryUsage().rss;
    await expect(call('large', { bytes: 50e6 })).rejects.toMatchObject({
      message: 'there answered with more than 1048576 bytes',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(40e6);
  });

  test('lesson 22: takes its children along, and those that it sent away', async () => {
    const { call, upstream } = faulty();
    const pids = JSON.parse(await call('fork')) as number[];
    expect(await areThere(pids)).toEqual([true, true, true]);
    await upstream.close();
    await expect.poll(() => areThere(pids)).toEqual([false, false, false]);
  });

  test('that does not go when asked to is ended', async () => {
    const { call, upstream } = faulty({}, 'stubborn');
    const pid = Number(await call('pid'));
    await upstream.close();
    await expect.poll(() => isThere(pid)).toBe(false);
  });

  test.each([
    ['hoard', 'there was ended: it took more than 300 MiB'],
    ['swarm', 'there was ended: it started more than 20 processes'],
  ])('that does %s is ended', async (fault, message) => {
    const { call } = faulty();
    await expect(call(fault)).rejects.toMatchObject({ message });
  });

  test('that refuses is passed on in its own words, and is well', async () => {
    const { call, upstream } = faulty();
    await expect(call('refuse')).rejects.toMatchObject({
      ...{ code: -32_050, message: expect.stringContaining('I would rather not'), data: { why: 'whim' } },
    });
    expect(upstream.health().state).toBe('up');
  });

  test('that is not there fails', async () => {
    const transport = { ...node(), command: '/nowhere/at-all' };
    await expect(faulty({ transport }).call('echo')).rejects.toMatchObject({ code: 'mcp-server-failed' });
  });
});

describe('conversations', () => {
  test('are everybody’s own where they must not meet', async () => {
    const { call } = faulty({ perPerson: true });
    const [mine, yours] = [await call('pid', {}, 'me'), await call('pid', {}, 'you')];
    expect(mine).not.toBe(yours);
    expect(await call('pid', {}, 'me')).toBe(mine);
  });

  test('are as many as may be: the oldest that nobody uses makes room', async () => {
    const { call, upstream } = faulty({ perPerson: true, maxSessions: 2 });
    const pids: number[] = [];
    for (const person of ['a', 'b', 'c']) pids.push(Number(await call('pid', {}, person)));
    expect(upstream.health().open).toBe(2);
    await expect.poll(() => areThere(pids)).toEqual([false, true, true]);
  });

  test('that are all in use leave no room for another', async () => {
    const { call } = faulty({ perPerson: true, maxSessions: 1, timeout: 1_000 });
    await call('echo', { said: 'here' }, 'a');
    const hanging = call('hang', {}, 'a');
    hanging.catch(() => undefined); // how it fails is not what is asked here
    await expect(call('echo', {}, 'b')).rejects.toMatchObject({ code: 'mcp-server-busy' });
    await expect(hanging).rejects.toMatchObject({ code: 'mcp-server-timeout' });
  });

  test('end when nobody has used them for a while', async () => {
    const { call, upstream } = faulty({ idleTimeout: 100 });
    const pid = Number(await call('pid'));
    await expect.poll(() => isThere(pid)).toBe(false);
    expect(upstream.health().open).toBe(0);
  });

  test('go on when somebody leaves in the middle', async () => {
    const { call } = faulty();
    const pid = await call('pid');
    const leaving = new AbortController();
    const left = call('hang', {}, 'me', leaving.signal);
    const alsoHere = call('pid');
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(await alsoHere).toBe(pid);
  });
});

test('a server that fails again and again is left alone', async () => {
  const { call, upstream } = faulty({ breakerPercent: 50 });
  for (let i = 0; i < 5; i++) await call('die').catch(() => undefined); // how it fails is not what is asked here
  await expect(call('echo')).rejects.toMatchObject({ code: 'mcp-server-failed', retryAfter: 30 });
  expect(upstream.health().state).toBe('resting');
});

test('a list of tools is asked for again when the server says that it has changed', async () => {
  const { call, upstream } = faulty();
  const hashOf = async () => (await upstream.tools('me')).tools.find(({ name }) => name === 'change')?.hash;
  const before = await hashOf();
  expect(await hashOf()).toBe(before);
  await call('change');
  await expect.poll(hashOf).not.toBe(before);
});
