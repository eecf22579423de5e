import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendAudit } from './audit.ts';
import { type Database, openDatabase } from './client.ts';
import { type Connection, connectTo, migratedDatabase } from './database.fixture.ts';
import { withTransaction } from './transaction.ts';

let fresh: TestDatabase;
let auth: Database;
let core: Database;
let owner: Connection;
beforeAll(async () => {
  fresh = await migratedDatabase();
  auth = openDatabase({ url: fresh.authUrl, poolMax: 8 });
  core = openDatabase({ url: fresh.coreUrl, poolMax: 8 });
  owner = await connectTo(fresh.ownerUrl);
});
afterAll(async () => {
  await Promise.all([auth.close(), core.close(), owner[Symbol.asyncDispose]()]);
  await fresh[Symbol.asyncDispose]();
});

const entry = (action = 'role.assigned') => ({
  actorId: randomUUID(),
  action,
  targetType: 'user',
  targetId: randomUUID(),
  before: { roles: ['user'] },
  after: { roles: ['user', 'manager'], level: 60, note: 'ผู้จัดการ "x"\n', none: null },
  address: '2001:db8::1',
  userAgent: 'curl/8',
  requestId: 'request-1',
});
const add = (database: Database, action?: string) =>
  withTransaction(database, (tx) => appendAudit(tx, entry(action)));
const breach = async () => {
  const { rows } = await core.pool.query<{ id: number | null }>('SELECT audit.first_breach() AS id');
  return rows[0]?.id;
};

describe('the audit log', () => {
  test('keeps what services did, as links of one chain', async () => {
    await add(auth);
    await add(core);
    const events = await core.prisma.auditEvent.findMany({ orderBy: { id: 'desc' }, take: 2 });
    expect(events).toMatchObject([{ action: 'role.assigned', address: '2001:db8::1' }, {}]);
    expect(events[0]?.previousHash).toEqual(events[1]?.hash);
    await expect(breach()).resolves.toBeNull();
  });

  test('forgets what was rolled back, and the chain has no hole', async () => {
    const failing = withTransaction(auth, async (tx) => {
      await appendAudit(tx, entry('undone'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await add(core);
    await expect(core.prisma.auditEvent.count({ where: { action: 'undone' } })).resolves.toBe(0);
    await expect(breach()).resolves.toBeNull();
  });

  test('has each of many at once, in one order', async () => {
    const before = await core.prisma.auditEvent.count();
    await Promise.all(Array.from({ length: 60 }, (_, index) => add(index % 2 === 0 ? auth : core)));
    await expect(core.prisma.auditEvent.count()).resolves.toBe(before + 60);
    await expect(breach()).resolves.toBeNull();
  });

  test('goes on in a year that has no partition yet', async () => {
    const partition = `audit.events_${new Date().getUTCFullYear()}`;
    await owner.query('BEGIN');
    await owner.query(`DROP TABLE ${partition}`);
    await owner.query(`UPDATE audit.head SET at = '2020-12-31 23:59:59+00'`);
    await owner.query(`SELECT audit.append(NULL, NULL, 'a', 'b', 'c', NULL, NULL, NULL, NULL, NULL)`);
    const rows = await owner.query(`SELECT action FROM ${partition}`);
    await owner.query('ROLLBACK');
    expect(rows).toEqual([{ action: 'a' }]);
  });
});

describe('what somebody with the owner’s rights did by hand is found', () => {
  const tampering: [string, string][] = [
    ['changed', `UPDATE audit.events SET after = '{"roles":["superadmin"]}' WHERE id = 3`],
    ['deleted in the middle', 'DELETE FROM audit.events WHERE id = 3'],
    ['deleted at the end', 'DELETE FROM audit.events WHERE id = (SELECT max(id) FROM audit.events)'],
    [
      'changed, and its own hash with it',
      `UPDATE audit.events e SET action = 'x', hash = audit.hash_of(ROW(e.id, e.at, e.actor_id, e.key_id, 'x', e.target_type, e.target_id, e.before, e.after, e.address, e.user_agent, e.request_id, e.previous_hash, NULL)::audit.events) WHERE id = 3`,
    ],
  ];
  test.each(tampering)('%s', async (_, sql) => {
    while ((await core.prisma.auditEvent.count()) < 5) await add(core);
    await owner.query('BEGIN');
    await owner.query('ALTER TABLE audit.events DISABLE TRIGGER USER');
    await owner.query(sql);
    const [found] = await owner.query<{ id: string | null }>('SELECT audit.first_breach() AS id');
    await owner.query('ROLLBACK');
    expect(found?.id).not.toBeNull();
    await expect(breach()).resolves.toBeNull();
  });

  test.each([`UPDATE audit.events SET action = 'x'`, 'DELETE FROM audit.events', 'TRUNCATE audit.events'])(
    'and even the owner is refused at first: %s',
    async (sql) => {
      await expect(owner.refusalOf(sql)).resolves.toBe('23001');
    },
  );
});
