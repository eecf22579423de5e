import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { openDatabase } from '@smart-ai-hub/database';
import { webhooksContract } from '@smart-ai-hub/shared/contracts';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { settlement, startCore } from '../core.fixture.ts';

interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Somebody's server, which answers as it is told to. */
async function startReceiver() {
  const received: Received[] = [];
  let status = 204;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({ path: request.url ?? '', headers, body });
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    answer: (code: number) => (status = code),
    at: (path: string) => received.filter((one) => one.path === path),
    close: () => server.close(),
  };
}

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let core: Awaited<ReturnType<typeof startCore>>;
let root: Awaited<ReturnType<typeof core.person>>;
beforeAll(async () => {
  receiver = await startReceiver();
  core = await startCore({ WEBHOOK_LOCAL_ORIGINS: receiver.origin, SIGNUP_CREDIT_MICRO: '20000000' });
  root = await core.person(['superadmin']);
});
beforeEach(() => receiver.answer(204));
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  receiver.close();
});

const HOOKS = '/api/v1/webhooks';
const made = z.object({ id: z.string(), secret: z.string() });
const hook = async (events: string[]) => {
  const path = `/${randomUUID()}`;
  const answer = await root.ask('POST', HOOKS, { url: receiver.origin + path, events });
  expect(answer.status).toBe(201);
  return { ...made.parse(answer.body), path };
};
const soon = { timeout: 5_000, interval: 20 };
const arrivals = async (path: string, count: number) => {
  await expect.poll(() => receiver.at(path).length, soon).toBe(count);
  return receiver.at(path);
};
/** The nth message that came there. */
const arrival = async (path: string, nth = 1): Promise<Received> => {
  const message = (await arrivals(path, nth)).at(-1);
  if (message) return message;
  throw new Error('nothing came');
};
const said = (body: string) =>
  z
    .object({ id: z.string(), type: z.string(), data: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(body));
const deliveries = async (id: string, query = '') =>
  webhooksContract.listDeliveries.success.schema.parse(
    (await root.ask('GET', `${HOOKS}/${id}/deliveries${query}`)).body,
  ).items;
/** Waiting jobs do not wait any longer, and the worker hears of it as it hears of new ones. */
const hurry = async () => {
  await core.sql('UPDATE core_jobs._private_jobs SET run_at = now() WHERE locked_at IS NULL');
  await core.sql(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
};
const spend = async (userId: string, chargeMicro: number, status: 'ok' | 'provider-error' = 'ok') => {
  const holdId = randomUUID();
  await core.internal('/credits/reserve', {
    items: [{ holdId, userId, minMicro: chargeMicro, maxMicro: chargeMicro }],
  });
  await core.internal('/credits/settle', { items: [{ ...settlement(holdId, userId, chargeMicro), status }] });
};

describe('an event', () => {
  test('is sent signed, as libraries of Standard Webhooks check it, and refused where anything of it was changed', async () => {
    const { path, secret } = await hook(['user.created']);
    const person = await core.person();
    const one = await arrival(path);
    const checker = new Webhook(secret);
    expect(checker.verify(one.body, one.headers)).toMatchObject({
      type: 'user.created',
      data: { userId: person.id },
    });
    expect(said(one.body).id).toBe(one.headers['webhook-id']);
    expect(() => checker.verify(one.body.replace('user', 'usr'), one.headers)).toThrow();
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(one.body, one.headers),
    ).toThrow();
    const late = {
      ...one.headers,
      'webhook-timestamp': String(Number(one.headers['webhook-timestamp']) - 301),
    };
    expect(() => checker.verify(one.body, late)).toThrow(/old/);
  });

  test('lesson 4: no message is right by an empty secret', async () => {
    const { path } = await hook(['user.created']);
    await core.person();
    const one = await arrival(path);
    expect(() => new Webhook('whsec_').verify(one.body, one.headers)).toThrow();
  });

  test('of a balance comes once a crossing', async () => {
    const { path } = await hook(['credit.low', 'credit.depleted']);
    const person = await core.person();
    const kinds = async (count: number) => (await arrivals(path, count)).map(({ body }) => said(body).type);
    await spend(person.id, 9_000_000);
    await spend(person.id, 2_000_000);
    expect(await kinds(1)).toEqual(['credit.low']);
    await spend(person.id, 1_000_000);
    await spend(person.id, 8_000_000);
    expect(await kinds(2)).toEqual(['credit.low', 'credit.depleted']);
    const adjust = { adjustmentId: randomUUID(), userId: person.id, amountMicro: 15_000_000, note: 'more' };
    await root.ask('POST', '/api/v1/credits/adjustments', adjust);
    await spend(person.id, 6_000_000);
    expect(await kinds(3)).toEqual(['credit.low', 'credit.depleted', 'credit.low']);
    expect(said(receiver.at(path).at(-1)?.body ?? '').data).toEqual({
      userId: person.id,
      balanceMicro: 9_000_000,
      thresholdMicro: 10_000_000,
    });
  });

  test('of a low balance comes where its person wants it', async () => {
    const { path } = await hook(['credit.low']);
    const [person, carefree] = [await core.person(), await core.person()];
    const settings = '/api/v1/credits/settings';
    expect((await person.ask('GET', settings)).body).toEqual({ lowBalanceMicro: 10_000_000 });
    expect(await person.ask('PATCH', settings, { lowBalanceMicro: 19_000_000 })).toMatchObject({
      status: 200,
    });
    await carefree.ask('PATCH', settings, { lowBalanceMicro: 0 });
    await spend(carefree.id, 20_000_000);
    await spend(person.id, 2_000_000);
    expect(said((await arrival(path)).body).data).toMatchObject({
      userId: person.id,
      thresholdMicro: 19_000_000,
    });
    for (const lowBalanceMicro of [-1, 0.5, 1e16, '5', null])
      expect((await person.ask('PATCH', settings, { lowBalanceMicro })).status).toBe(400);
  });

  test('of a call says how it ended and what it cost', async () => {
    const { path } = await hook(['service.completed', 'service.failed']);
    const person = await core.person();
    await spend(person.id, 10);
    await spend(person.id, 20, 'provider-error');
    const events = (await arrivals(path, 2)).map(({ body }) => said(body));
    expect(new Map(events.map(({ type, data }) => [type, data]))).toMatchObject(
      new Map([
        ['service.completed', { userId: person.id, creditsMicro: 10, model: 'gpt-4o-mini', status: 'ok' }],
        ['service.failed', { creditsMicro: 20, status: 'provider-error' }],
      ]),
    );
  });

  test('of a ledger that does not add up comes from the nightly proof', async () => {
    const { path } = await hook(['ledger.mismatch']);
    const person = await core.person();
    const wrong = async (by: number) => {
      await core.sql('ALTER TABLE core.credit_accounts DISABLE TRIGGER USER');
      await core.sql('UPDATE core.credit_accounts SET balance = balance + $2 WHERE user_id = $1', [
        person.id,
        by,
      ]);
      await core.sql('ALTER TABLE core.credit_accounts ENABLE TRIGGER USER');
    };
    await wrong(1);
    await core.sql("SELECT core_jobs.add_job('reconcile')");
    const { body } = await arrival(path);
    await wrong(-1);
    expect(said(body).data).toMatchObject({
      mismatches: [{ balanceMicro: 20_000_001, ledgerMicro: 20_000_000 }],
    });
  });

  test('of what was undone is never sent', async () => {
    const { id } = await hook(['user.created']);
    await core
      .sql(
        `DO $$ BEGIN
      INSERT INTO core.credit_accounts (user_id) VALUES (gen_random_uuid()); RAISE EXCEPTION 'undone'; END $$`,
      )
      .catch((error: unknown) => error);
    expect(await deliveries(id)).toEqual([]);
  });
});

/** Until somebody of this database waits for a lock. */
const untilBlocked = () =>
  expect
    .poll(
      () =>
        core.sql(`SELECT FROM pg_locks waiting WHERE NOT granted AND EXISTS (SELECT FROM pg_locks held
          WHERE held.pid = waiting.pid
          AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`),
      soon,
    )
    .toHaveLength(1);

test('an event is not told to a webhook that is just being deleted, and what happened stands', async () => {
  const { id } = await hook(['user.created']);
  const { pool, close } = openDatabase({ url: core.coreUrl, poolMax: 1 });
  const deleting = await pool.connect();
  await deleting.query('BEGIN');
  await deleting.query('DELETE FROM core.webhooks WHERE id = $1', [id]);
  const userId = randomUUID();
  const opening = core.internal('/accounts', { userId });
  await untilBlocked();
  await deleting.query('COMMIT');
  deleting.release();
  expect((await opening).status).toBeLessThan(300);
  expect(await core.sql('SELECT FROM core.credit_accounts WHERE user_id = $1', [userId])).toHaveLength(1);
  await close();
});

describe('a receiver that fails', () => {
  test.each([500, 302, 404])('by %i is tried three times, and then no more', async (status) => {
    receiver.answer(status);
    const { id, path } = await hook(['user.created']);
    await core.person();
    for (const count of [1, 2, 3]) {
      await expect
        .poll(async () => {
          await hurry();
          return receiver.at(path).length;
        }, soon)
        .toBe(count);
    }
    await expect.poll(async () => (await deliveries(id))[0]?.state, soon).toBe('failed');
    await hurry();
    expect(await deliveries(id)).toMatchObject([{ attempts: 3, status, error: `answered ${status}` }]);
    expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.at(path)).toHaveLength(3);
  });

  test('and then works gets the event, which can be sent once more under its id', async () => {
    receiver.answer(503);
    const { id, path } = await hook(['user.created']);
    await core.person();
    await arrivals(path, 1);
    receiver.answer(200);
    await expect
      .poll(async () => {
        await hurry();
        return (await deliveries(id))[0]?.state;
      }, soon)
      .toBe('delivered');
    const [first] = await deliveries(id, '?state=delivered');
    const again = await root.ask('POST', `${HOOKS}/${id}/deliveries/${first?.id}/replay`);
    expect(again).toMatchObject({ status: 201, body: { eventId: first?.eventId, state: 'waiting' } });
    await arrivals(path, 3);
    await expect.poll(async () => (await deliveries(id, '?state=delivered')).length, soon).toBe(2);
    expect((await root.ask('POST', `${HOOKS}/${id}/deliveries/${randomUUID()}/replay`)).status).toBe(404);
    expect((await root.ask('POST', `${HOOKS}/${randomUUID()}/deliveries/${first?.id}/replay`)).status).toBe(
      404,
    );
  });
});

test('a secret is replaced without a message that its receiver refuses', async () => {
  const { id, path, secret } = await hook(['user.created']);
  const next = made.parse((await root.ask('POST', `${HOOKS}/${id}/secret`)).body).secret;
  await core.person();
  const one = await arrival(path);
  for (const each of [secret, next]) expect(new Webhook(each).verify(one.body, one.headers)).toBeDefined();
  await core.sql("UPDATE core.webhooks SET former_until = now() - interval '1 s' WHERE id = $1", [id]);
  await core.person();
  const two = await arrival(path, 2);
  expect(() => new Webhook(secret).verify(two.body, two.headers)).toThrow();
  expect(new Webhook(next).verify(two.body, two.headers)).toBeDefined();
});

test('a webhook is changed, switched off and forgotten, and its secret shown once', async () => {
  const { id, path, secret } = await hook(['user.created']);
  const listed = await root.ask('GET', HOOKS);
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  expect(await core.sql("SELECT 1 FROM core.webhooks WHERE encode(secret, 'escape') LIKE '%whsec%'")).toEqual(
    [],
  );
  expect((await root.ask('PATCH', `${HOOKS}/${id}`, { active: false })).body).toMatchObject({
    active: false,
  });
  await core.person();
  expect(await deliveries(id)).toEqual([]);
  await root.ask('PATCH', `${HOOKS}/${id}`, { active: true, events: ['credit.low'] });
  await core.person();
  expect(receiver.at(path)).toEqual([]);
  expect((await root.ask('DELETE', `${HOOKS}/${id}`)).status).toBe(204);
  expect((await root.ask('DELETE', `${HOOKS}/${id}`)).status).toBe(404);
  const audited = await core.sql('SELECT action FROM audit.events WHERE target_id = $1 ORDER BY id', [id]);
  expect(audited.map(({ action }) => action)).toEqual([
    'webhook.created',
    'webhook.changed',
    'webhook.changed',
    'webhook.deleted',
  ]);
});

test.each([
  'http://127.0.0.1:1/other-port',
  'http://example.com/plain',
  'https://127.0.0.1/',
  'https://[::ffff:10.0.0.1]/',
  'https://169.254.169.254/latest',
  'https://localhost/',
  'https://somebody@1.1.1.1/',
])('lesson 12: %s is refused when it is saved', async (url) => {
  const answer = await root.ask('POST', HOOKS, { url, events: ['credit.low'] });
  expect(answer).toMatchObject({ body: { code: 'egress-refused' } });
  const { id } = await hook(['credit.low']);
  expect((await root.ask('PATCH', `${HOOKS}/${id}`, { url })).body).toMatchObject({ code: 'egress-refused' });
});

test('lesson 12: an address that is no longer allowed is refused when it is sent to', async () => {
  const { id } = await hook(['user.created']);
  await core.sql("UPDATE core.webhooks SET url = 'https://10.0.0.1/' WHERE id = $1", [id]);
  await core.person();
  await expect
    .poll(async () => {
      await hurry();
      return (await deliveries(id))[0];
    }, soon)
    .toMatchObject({ state: 'failed', status: null, error: 'it leads to an address that is not public' });
});

test('a message that cannot be signed, since the sealing key is another one, fails and says so', async () => {
  const { id } = await hook(['user.created']);
  await core.sql(
    'UPDATE core.webhooks SET secret = former.secret FROM (SELECT secret FROM core.webhooks WHERE id <> $1 LIMIT 1) former WHERE id = $1',
    [id],
  );
  await core.person();
  await expect
    .poll(async () => {
      await hurry();
      return (await deliveries(id))[0];
    }, soon)
    .toMatchObject({ state: 'failed', error: 'its secret was sealed with another SEALING_KEY' });
});

test.each([
  {},
  { url: 'not an address', events: ['credit.low'] },
  { url: 'ftp://example.com', events: ['credit.low'] },
  { url: 'https://example.com', events: [] },
  { url: 'https://example.com', events: ['credit.low', 'credit.low'] },
  { url: 'https://example.com', events: ['everything'] },
  { url: 'https://example.com', events: ['credit.low'], secret: 'mine' },
])('no webhook is made of %o', async (body) => {
  expect(await root.ask('POST', HOOKS, body)).toMatchObject({
    status: 400,
    body: { code: 'invalid-request' },
  });
});

test('webhooks are for who may change settings; who may read them sees them', async () => {
  const [admin, person] = [await core.person(['admin']), await core.person()];
  expect((await admin.ask('GET', HOOKS)).status).toBe(200);
  expect((await admin.ask('POST', HOOKS, { url: receiver.origin, events: ['credit.low'] })).status).toBe(403);
  expect((await person.ask('GET', HOOKS)).status).toBe(403);
});

test('what was sent is forgotten after thirty days', async () => {
  const { id } = await hook(['user.created']);
  await core.person();
  await expect.poll(async () => (await deliveries(id)).length, soon).toBe(1);
  await core.sql(
    "UPDATE core.webhook_deliveries SET created_at = now() - interval '30 days 1 minute' WHERE webhook_id = $1",
    [id],
  );
  await core.sql("SELECT core_jobs.add_job('forget-deliveries')");
  await expect.poll(async () => (await deliveries(id)).length, soon).toBe(0);
});
