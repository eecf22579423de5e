import { randomUUID } from 'node:crypto';
import { appendAudit, type AuditEntry, openDatabase, withTransaction } from '@smart-ai-hub/database';
import { testLog } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coreDeps, startCore } from '../core.fixture.ts';
import { verifyAuditJob } from './verify-audit.ts';

/** One service for the file; every test has people and targets of its own. */
let core: Awaited<ReturnType<typeof startCore>>;
let admin: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  core = await startCore();
  admin = await core.person(['admin']);
});
afterAll(() => core[Symbol.asyncDispose]());

const PATH = '/api/v1/admin/audit';

interface Shown {
  id: string;
  action: string;
  actorId: string | null;
}

const itemsOf = (body: Record<string, unknown>) => body['items'] as Shown[];

const add = async (...entries: Partial<AuditEntry>[]) => {
  const database = openDatabase({ url: core.coreUrl, poolMax: 1 });
  for (const entry of entries) {
    const whole = { action: 'thing.done', targetType: 'thing', targetId: 'x', ...entry };
    await withTransaction(database, (tx) => appendAudit(tx, whole));
  }
  await database.close();
};

describe('the log', () => {
  test('shows who did what to what, before and after, from where', async () => {
    const [actorId, targetId] = [randomUUID(), randomUUID()];
    const where = { address: '2001:db8::1', userAgent: 'curl/8', requestId: 'request-1' };
    await add({ actorId, targetId, before: { level: 1 }, after: { level: 2, note: 'ใหม่' }, ...where });
    const { status, body } = await admin.ask('GET', `${PATH}?targetId=${targetId}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      nextCursor: null,
      items: [
        {
          ...{ id: expect.stringMatching(/^\d+$/), at: expect.stringMatching(/Z$/), actorId, keyId: null },
          ...{ action: 'thing.done', targetType: 'thing', targetId },
          ...{ before: { level: 1 }, after: { level: 2, note: 'ใหม่' }, ...where },
        },
      ],
    });
  });

  test('comes in pages, newest first, that neither repeat nor skip an event', async () => {
    const targetId = randomUUID();
    await add(...Array.from({ length: 7 }, (_, n) => ({ targetId, action: `thing.number-${'abcdefg'[n]}` })));
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await admin.ask('GET', `${PATH}?targetId=${targetId}&limit=3${cursor}`);
      seen.push(...itemsOf(body).map(({ action }) => action));
      cursor = typeof body['nextCursor'] === 'string' ? `&cursor=${body['nextCursor']}` : '';
    } while (cursor !== '');
    expect(seen).toEqual('g f e d c b a'.split(' ').map((letter) => `thing.number-${letter}`));
  });

  test('is narrowed by actor, action, target and time', async () => {
    const [actorId, targetId] = [randomUUID(), randomUUID()];
    await add({ actorId, targetId }, { actorId }, { targetId, action: 'thing.undone' });
    const count = async (query: string) =>
      itemsOf((await admin.ask('GET', `${PATH}?limit=100&${query}`)).body).length;
    expect(await count(`actorId=${actorId}`)).toBe(2);
    expect(await count(`targetId=${targetId}`)).toBe(2);
    expect(await count(`targetId=${targetId}&action=thing.undone`)).toBe(1);
    expect(await count(`actorId=${actorId}&targetId=${targetId}`)).toBe(1);
    const [past, future] = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
    expect(await count(`targetId=${targetId}&from=${past}&to=${future}`)).toBe(2);
    expect(await count(`targetId=${targetId}&from=${future}`)).toBe(0);
    expect(await count(`targetId=${targetId}&to=${past}`)).toBe(0);
  });

  test.each([
    'actorId=me',
    'action=DROP',
    'action=a.b%27--',
    'targetId=%00',
    'from=yesterday',
    'to=0000-01-01T00:00:00Z',
    'cursor=x',
    'limit=101',
    'order=asc',
  ])('refuses %s', async (query) => {
    const answer = await admin.ask('GET', `${PATH}?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  test('is read by nobody without the permission, nor by who has it for less than all', async () => {
    const own = await core.person([await core.role(50, { 'audit:read': 'own' })]);
    for (const person of [await core.person(), await core.person(['manager']), own])
      for (const path of [PATH, `${PATH}/export`, `${PATH}/verify`])
        expect(await person.ask('GET', path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('the export', () => {
  const csv = async (query: string) => {
    const headers = { authorization: `Bearer ${admin.token}` };
    return core.app.inject({ url: `${PATH}/export?${query}`, headers });
  };

  test('has the same events under the same filters, as a file', async () => {
    const [actorId, targetId] = [randomUUID(), randomUUID()];
    await add({ actorId, targetId, after: { name: 'say "x", please' } }, { targetId: randomUUID() });
    const answer = await csv(`targetId=${targetId}`);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="audit.csv"',
    });
    const [head, event, ...rest] = answer.payload.split('\r\n');
    expect(head).toBe(
      'id,at,actorId,keyId,action,targetType,targetId,before,after,address,userAgent,requestId',
    );
    expect(event).toMatch(
      new RegExp(
        `^\\d+,[^,]+Z,${actorId},,thing.done,thing,${targetId},,"{""name"":""say \\\\""x\\\\"", please""}",,,$`,
      ),
    );
    expect(rest).toEqual(['']);
  });

  test('holds no cell that a spreadsheet would compute', async () => {
    const targetId = `=cmd|' /C calc'!A0 ${randomUUID()}`;
    await add({ targetId, userAgent: '@SUM(1)', address: '+1' });
    const { payload } = await csv(`targetId=${encodeURIComponent(targetId)}`);
    expect(payload).toContain(`,'${targetId},,,'+1,'@SUM(1),`);
  });

  test('is as long as the log, a part in memory at a time', async () => {
    const targetId = randomUUID();
    await core.sql(
      `SELECT audit.append(NULL, NULL, 'thing.done', 'thing', $1, NULL, NULL, NULL, n::text, NULL) FROM generate_series(1, 1203) n`,
      [targetId],
    );
    const lines = (await csv(`targetId=${targetId}`)).payload.split('\r\n').slice(1, -1);
    const numbers = lines.map((line) => Number(line.split(',').at(-2)));
    expect(numbers).toEqual(Array.from({ length: 1203 }, (_, n) => 1203 - n));
  });
});

test('whoever leaves an export before its end is no fault of ours', async () => {
  await core.sql(
    `SELECT audit.append(NULL, NULL, 'thing.done', 'thing', 'x', NULL, NULL, NULL, repeat('x', 4000), NULL) FROM generate_series(1, 3000) n`,
  );
  const url = await core.app.listen({ host: '127.0.0.1', port: 0 });
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${admin.token}` };
  const closed = new Promise((resolve) =>
    core.app.server.once('request', (_, raw) => raw.once('close', resolve)),
  );
  const answer = await fetch(`${url}${PATH}/export`, { headers, signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  await closed;
  await admin.ask('GET', `${PATH}?limit=1`);
  expect(core.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
});

describe('the proof', () => {
  test('counts the events and finds the chain whole', async () => {
    await add({});
    const { body } = await admin.ask('GET', `${PATH}/verify`);
    const [{ count } = { count: 0 }] = await core.sql('SELECT count(*) FROM audit.events');
    expect(body).toEqual({ checkedAt: expect.any(String), events: Number(count), firstBreach: null });
  });

  test('names what was changed by hand; at night it is an error in the log', async () => {
    await using deps = await coreDeps();
    const log = testLog('core-service');
    const { run } = verifyAuditJob(deps, log.logger);
    await deps.sql(
      `SELECT audit.append(NULL, NULL, 'a.b', 'c', n::text, NULL, NULL, NULL, NULL, NULL) FROM generate_series(1, 3) n`,
    );
    await run(undefined);
    expect(log.lines().filter(({ level }) => level === 'error')).toEqual([]);
    await deps.sql('ALTER TABLE audit.events DISABLE TRIGGER ALL');
    await deps.sql(`UPDATE audit.events SET action = 'a.c' WHERE id = 2`);
    await run(undefined);
    expect(log.lines().filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'the audit log was tampered with', firstBreach: '2' },
    ]);
  });
});
