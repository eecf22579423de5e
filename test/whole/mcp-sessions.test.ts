import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type FixtureServer, fixtureServer } from './conformance/fixture-server.ts';
import { mcpAdministrator } from './mcp-administrator.ts';
import { CLIENTS } from './mcp-clients.ts';
import { type Person, signUp } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';

let fixture: FixtureServer;
let database: TestDatabase;
let hub: Processes;
let person: Person;
const urlOf = (lane: number) => hub.gateways[lane % 2]?.url ?? '';
beforeAll(async () => {
  fixture = await fixtureServer();
  database = await freshDatabase(inject('postgres'));
  const env = { MCP_LOCAL_ORIGINS: new URL(fixture.url).origin, SIGNUP_CREDIT_MICRO: '100000000' };
  hub = await startProcesses({ ...database, redisUrl: inject('redisUrl') }, { lanes: 2, env });
  const administrator = await mcpAdministrator({ url: urlOf(0), ownerUrl: database.ownerUrl });
  person = await signUp(urlOf(0));
  for (const era of ['2026-07-28', '2025-11-25']) {
    const server = `of-${era}`;
    const { tools } = await administrator.addServer(server, { type: 'http', url: fixture.url }, { era });
    const chosen = tools.map((tool) => ({ server, tool }));
    await administrator.addProfile(server, { tools: chosen, contentOf: server });
    const headers = { authorization: `Bearer ${person.accessToken}` };
    const isServed = async () => {
      const answer = await fetch(`${urlOf(1)}/mcp/${server}`, { method: 'POST', headers, body: '{}' });
      expect(answer.status).not.toBe(404);
    };
    await vi.waitFor(isServed, { timeout: 35_000 });
  }
}, 90_000);
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

/** Each request to another process than the one before, as behind an address that many share. */
function alternating(): typeof fetch {
  let requests = 0;
  return (input, init) => {
    requests += 1;
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return fetch(urlOf(requests) + pathname, init);
  };
}

describe.each(CLIENTS)('%s, whose every message is for another process', (_client, connect) => {
  test.each(['2026-07-28', '2025-11-25'])('is asked by a server of %s, and heard', async (era) => {
    const options = { path: `/mcp/of-${era}`, fetch: alternating() };
    await using speaker = await connect(urlOf(0), await person.makeKey(), options);
    for (const message of ['Who is it?', 'And now?']) {
      const { text, isError } = await speaker.call('test_elicitation', { message });
      expect(isError, text).toBe(false);
      expect(text).toContain('User response: {"person":{"action":"accept"');
      expect(speaker.asked.at(-1)).toBe(message);
    }
  });

  test.each(['2026-07-28', '2025-11-25'])('cancels a call, and a server of %s hears of it', async (era) => {
    const options = { path: `/mcp/of-${era}`, fetch: alternating() };
    await using speaker = await connect(urlOf(0), await person.makeKey(), options);
    const leaving = new AbortController();
    const { began, cancelled } = fixture.waiting();
    const call = speaker.callUntil('wait_until_cancelled', leaving.signal);
    const refused = expect(call).rejects.toThrow();
    await began;
    leaving.abort(new Error('not needed any more'));
    await Promise.all([refused, cancelled]);
  });

  test.each(['2026-07-28', '2025-11-25'])('hears of a resource of a server of %s', async (era) => {
    const options = { path: `/mcp/of-${era}`, fetch: alternating() };
    await using speaker = await connect(urlOf(0), await person.makeKey(), options);
    const watched = 'test://watched-resource';
    const heard = await speaker.watch(watched);
    // a stream that begins after the subscription tells once by itself: the second time it is news
    for (let times = 1; times <= 3; times++) {
      const before = heard.length;
      await speaker.call('change_watched_resource');
      await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(before);
    }
    expect(new Set(heard)).toEqual(new Set([watched]));
  });
});
