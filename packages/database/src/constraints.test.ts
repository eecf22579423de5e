import { randomUUID } from 'node:crypto';
import { freshDatabase, type TestDatabase } from '@smart-ai-hub/shared/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Connection, connectTo } from './database.fixture.ts';

let fresh: TestDatabase;
let core: Connection;
let owner: Connection;
beforeAll(async () => {
  fresh = await freshDatabase(inject('postgres'));
  core = await connectTo(fresh.coreUrl);
  owner = await connectTo(fresh.ownerUrl);
});
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await owner[Symbol.asyncDispose]();
  await fresh[Symbol.asyncDispose]();
});

/** An account with this balance, booked as it must be. */
async function account(balance = 100): Promise<string> {
  const id = randomUUID();
  await core.query('BEGIN');
  await core.query('INSERT INTO core.credit_accounts (id, user_id, balance) VALUES ($1, $2, $3)', [
    id,
    randomUUID(),
    balance,
  ]);
  if (balance !== 0) await book(id, balance, balance);
  await core.query('COMMIT');
  return id;
}

const book = (id: string, amount: number, after: number, type = amount > 0 ? 'credit' : 'debit') =>
  core.query(
    `INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key) VALUES ($1, $2, $3, $4, 'adjustment', $5)`,
    [id, amount, after, type, randomUUID()],
  );

const set = (id: string, assignment: string) =>
  `UPDATE core.credit_accounts SET ${assignment} WHERE id = '${id}'`;

describe('an account', () => {
  test.each([
    ['a negative balance', 'balance = -1'],
    ['a negative hold', 'held = -1'],
    ['more held than there is', 'held = 101'],
    ['less balance than is held', 'held = 50, balance = 49'],
  ])('never has %s', async (_, assignment) => {
    await expect(core.refusalOf(set(await account(), assignment))).resolves.toBe('credit_accounts_covered');
  });

  test('may hold all it has', async () => {
    await expect(core.refusalOf(set(await account(), 'held = 100'))).resolves.toBeUndefined();
  });

  test.each([
    [
      'an unknown kind',
      `INSERT INTO core.credit_accounts (user_id, kind) VALUES (gen_random_uuid(), 'bank')`,
      'credit_accounts_kind_known',
    ],
    [
      'an unknown status',
      `INSERT INTO core.credit_accounts (user_id, status) VALUES (gen_random_uuid(), 'lost')`,
      'credit_accounts_status_known',
    ],
    [
      'nobody as its owner',
      'INSERT INTO core.credit_accounts (user_id) VALUES (NULL)',
      'credit_accounts_owner',
    ],
    [
      'a person as the house',
      `INSERT INTO core.credit_accounts (user_id, kind) VALUES (gen_random_uuid(), 'house')`,
      'credit_accounts_owner',
    ],
    [
      'a second house',
      `INSERT INTO core.credit_accounts (kind) VALUES ('house')`,
      'credit_accounts_one_house',
    ],
  ])('never has %s', async (_, sql, constraint) => {
    await expect(core.refusalOf(sql)).resolves.toBe(constraint);
  });

  test('is one to a person', async () => {
    const person = randomUUID();
    const open = `INSERT INTO core.credit_accounts (user_id) VALUES ('${person}')`;
    await expect(core.refusalOf(open)).resolves.toBeUndefined();
    await expect(core.refusalOf(open)).resolves.toBe('credit_accounts_user_id_key');
  });

  test('of the house may owe', async () => {
    const [house] = await core.query<{ id: string }>(
      `SELECT id FROM core.credit_accounts WHERE kind = 'house'`,
    );
    await core.query('BEGIN');
    await core.query(set(house?.id ?? '', 'balance = -5'));
    await book(house?.id ?? '', -5, -5);
    await expect(core.refusalOf('COMMIT')).resolves.toBeUndefined();
  });
});

describe('a balance that changes without its ledger row is refused at commit', () => {
  const MISMATCH = '23000';
  const commitOf = async (...work: (() => Promise<unknown>)[]) => {
    await core.query('BEGIN');
    for (const step of work) await step();
    return core.refusalOf('COMMIT');
  };

  test('when there is none', async () => {
    const id = await account();
    await expect(commitOf(() => core.query(set(id, 'balance = 90')))).resolves.toBe(MISMATCH);
    await expect(core.query('SELECT balance FROM core.credit_accounts WHERE id = $1', [id])).resolves.toEqual(
      [{ balance: '100' }],
    );
  });

  test('when the row says another balance', async () => {
    const id = await account();
    await expect(
      commitOf(
        () => core.query(set(id, 'balance = 90')),
        () => book(id, -10, 91),
      ),
    ).resolves.toBe(MISMATCH);
  });

  test('when the row is another account’s', async () => {
    const [id, other] = [await account(), await account()];
    await expect(
      commitOf(
        () => core.query(set(id, 'balance = 90')),
        () => book(other, -10, 90),
      ),
    ).resolves.toBe(MISMATCH);
  });

  test('when an account opens with credits from nowhere', async () => {
    const open = `INSERT INTO core.credit_accounts (user_id, balance) VALUES (gen_random_uuid(), 1)`;
    await expect(core.refusalOf(open)).resolves.toBe(MISMATCH);
  });

  test('and not when both go together, in any order, nor when only a hold changes', async () => {
    const id = await account();
    await expect(
      commitOf(
        () => book(id, -10, 90),
        () => core.query(set(id, 'balance = 90')),
      ),
    ).resolves.toBeUndefined();
    await expect(
      commitOf(
        () => core.query(set(id, 'balance = 80')),
        () => book(id, -10, 80),
      ),
    ).resolves.toBeUndefined();
    await expect(commitOf(() => core.query(set(id, 'held = 80')))).resolves.toBeUndefined();
  });
});

describe('the ledger', () => {
  const APPEND_ONLY = '23001';

  test.each([
    ['changed', 'UPDATE core.credit_transactions SET amount = amount + 1'],
    ['touched', 'UPDATE core.credit_transactions SET metadata = metadata'],
    ['deleted', 'DELETE FROM core.credit_transactions'],
    ['emptied', 'TRUNCATE core.credit_transactions'],
  ])('is never %s, not even by its owner', async (_, sql) => {
    await account();
    await expect(owner.refusalOf(sql)).resolves.toBe(APPEND_ONLY);
  });

  test.each([
    ['of nothing', { amount: 0, type: 'debit' }, 'credit_transactions_amount_not_zero'],
    ['of a gain that is called a debit', { amount: 5, type: 'debit' }, 'credit_transactions_type_matches'],
    ['of a loss that is called a credit', { amount: -5, type: 'credit' }, 'credit_transactions_type_matches'],
  ])('has no row %s', async (_, { amount, type }, constraint) => {
    const id = await account();
    await expect(book(id, amount, 1, type)).rejects.toMatchObject({ constraint });
  });

  test.each([
    ['an unknown reason', `'gift', 'key'`, 'credit_transactions_reason_known'],
    [
      'the same idempotency key twice',
      `'usage', 'once'`,
      'credit_transactions_account_id_idempotency_key_key',
    ],
  ])('has no row with %s', async (_, values, constraint) => {
    const id = await account();
    const insert = `INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key) VALUES ('${id}', 1, 1, 'credit', ${values})`;
    await core.refusalOf(insert);
    await expect(core.refusalOf(insert)).resolves.toBe(constraint);
  });

  test('has no row of an account that is not there', async () => {
    await expect(book(randomUUID(), 1, 1)).rejects.toMatchObject({
      constraint: 'credit_transactions_account_id_fkey',
    });
  });
});

describe('the database refuses', () => {
  const provider = (wrong: object) => {
    const row = {
      ...{ name: "'vendor'", format: "'openai'", base_url: "'https://vendor.example'", api_keys: "'{}'" },
      ...{ models: `'[{"id":"m"}]'`, position: '1', created_by: 'gen_random_uuid()', ...wrong },
    };
    return `INSERT INTO core.providers (${Object.keys(row).join()}) VALUES (${Object.values(row).join()})`;
  };

  test.each([
    [
      'a second set-up token',
      `INSERT INTO auth.setup_tokens (id, hash) VALUES (2, 'x')`,
      'setup_tokens_single_row',
    ],
    [
      'a locale that nobody speaks here',
      `INSERT INTO auth.users (id, email, locale) VALUES (gen_random_uuid(), 'a@b.c', 'xx')`,
      'users_locale_known',
    ],
    ['an unknown scope', `UPDATE core.role_permissions SET scope = 'all'`, 'role_permissions_scope_known'],
    [
      'a negative price',
      `INSERT INTO core.model_prices (model, input_micro_per_million, output_micro_per_million, effective_at) VALUES ('x', -1, 0, now())`,
      'model_prices_not_negative',
    ],
    [
      'two prices of one model at one time',
      `INSERT INTO core.model_prices (model, input_micro_per_million, output_micro_per_million, effective_at) VALUES ('x', 1, 1, '2026-05-05'), ('x', 2, 2, '2026-05-05')`,
      'model_prices_model_effective_at_key',
    ],
    [
      'negative tokens',
      `INSERT INTO core.usage_logs (id, user_id, request_id, service, model, price_id, prompt_tokens, completion_tokens, token_source, status, credits, latency_ms) VALUES (gen_random_uuid(), gen_random_uuid(), 'r', 's', 'm', gen_random_uuid(), -1, 0, 'counted', 'ok', 0, 0)`,
      'usage_logs_not_negative',
    ],
  ])('%s', async (_, sql, constraint) => {
    await expect(owner.refusalOf(sql)).resolves.toBe(constraint);
  });

  test.each([
    ['a name that is no name', { name: "'big vendor'" }, 'providers_name_shape'],
    ['a name that is none', { name: "''" }, 'providers_name_shape'],
    ['a format that nobody speaks', { format: "'soap'" }, 'providers_format_known'],
    ['no list of keys', { api_keys: 'NULL' }, 'providers_keys_there'],
    ['no models', { models: "'[]'" }, 'providers_models_some'],
    ['models that are no list', { models: "'{}'" }, 'providers_models_some'],
    ['another limit', { output_limit_field: "'limit'" }, 'providers_output_limit_field_known'],
    ['nobody at once', { max_concurrent: '0' }, 'providers_max_concurrent_positive'],
  ])('a provider with %s', async (_, wrong, constraint) => {
    await expect(core.refusalOf(provider(wrong))).resolves.toBe(constraint);
  });

  test('two providers of one name, whatever its letters', async () => {
    await expect(core.refusalOf(provider({ name: "'twin'" }))).resolves.toBeUndefined();
    await expect(core.refusalOf(provider({ name: "'Twin'" }))).resolves.toBe('providers_name_key');
  });

  test.each([
    ['a name with an underscore', { name: "'a_b'" }, 'mcp_servers_name_shape'],
    ['the name of the hub', { name: "'hub'" }, 'mcp_servers_name_shape'],
    ['another way to speak', { target: `'{"type":"ssh"}'` }, 'mcp_servers_target_known'],
    ['another revision', { era: "'2024-11-05'" }, 'mcp_servers_era_known'],
    ['no time', { timeout_ms: '0' }, 'mcp_servers_bounds_positive'],
  ])('an MCP server with %s', async (_, wrong, constraint) => {
    const row = {
      ...{ name: "'a'", target: `'{"type":"http"}'`, secret_names: "'{}'", secrets: "'x'", era: "'auto'" },
      ...{ timeout_ms: '1', max_result_bytes: '1', per_person: 'true', active: 'true' },
      ...{ created_by: 'gen_random_uuid()', ...wrong },
    };
    const insert = `INSERT INTO core.mcp_servers (${Object.keys(row).join()}) VALUES (${Object.values(row).join()})`;
    await expect(core.refusalOf(insert)).resolves.toBe(constraint);
  });

  test('the end of a role that somebody has', async () => {
    await core.query(
      `WITH made AS (INSERT INTO core.roles (name, level) VALUES ('reviewer', 50) RETURNING id)
       INSERT INTO core.user_roles (user_id, role_id) SELECT gen_random_uuid(), id FROM made`,
    );
    await expect(core.refusalOf(`DELETE FROM core.roles WHERE name = 'reviewer'`)).resolves.toBe(
      'user_roles_role_id_fkey',
    );
  });

  test.each([
    [`DELETE FROM core.roles WHERE name = 'guest'`],
    [`UPDATE core.roles SET name = 'visitor' WHERE name = 'guest'`],
    [`UPDATE core.roles SET system = false WHERE name = 'guest'`],
  ])('a change to what the system stands on: %s', async (sql) => {
    await expect(core.refusalOf(sql)).resolves.toBe('23001');
  });

  test.each([
    [
      'a name that is no name',
      `INSERT INTO core.roles (name, level) VALUES ('Ops Team', 50)`,
      'roles_name_shape',
    ],
    [
      'a level above the highest',
      `INSERT INTO core.roles (name, level) VALUES ('root', 101)`,
      'roles_level_range',
    ],
    [
      'a level below the lowest',
      `INSERT INTO core.roles (name, level) VALUES ('dust', 0)`,
      'roles_level_range',
    ],
  ])('a role of %s', async (_, sql, constraint) => {
    await expect(core.refusalOf(sql)).resolves.toBe(constraint);
  });

  test('to be without a superadmin, also when two remove each other at once', async () => {
    await using other = await connectTo(fresh.coreUrl);
    const [first, second] = [randomUUID(), randomUUID()];
    const role = `(SELECT id FROM core.roles WHERE name = 'superadmin')`;
    await core.query(`INSERT INTO core.user_roles (user_id, role_id) SELECT unnest($1::uuid[]), ${role}`, [
      [first, second],
    ]);
    const remove = (userId: string) =>
      `DELETE FROM core.user_roles WHERE user_id = '${userId}' AND role_id = ${role}`;
    await core.query('BEGIN');
    await core.query(remove(first));
    const waiting = other.refusalOf(remove(second));
    await core.query('COMMIT');
    await expect(waiting).resolves.toBe('23001');
  });

  test('the same e-mail address twice, whatever its letters', async () => {
    const insert = (email: string) =>
      owner.refusalOf(`INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), '${email}')`);
    await expect(insert('Somchai@example.com')).resolves.toBeUndefined();
    await expect(insert('somchai@EXAMPLE.com')).resolves.toBe('users_email_key');
  });

  test.each([
    ['a negative amount', `-1, 'held'`, 'credit_holds_amount_not_negative'],
    ['an unknown state', `1, 'lost'`, 'credit_holds_state_known'],
  ])('a hold with %s', async (_, values, constraint) => {
    const id = await account();
    await expect(
      core.refusalOf(
        `INSERT INTO core.credit_holds (id, account_id, amount, state, expires_at) SELECT gen_random_uuid(), '${id}', v.*, now() FROM (VALUES (${values})) v`,
      ),
    ).resolves.toBe(constraint);
  });
});

describe('usage', () => {
  const insertAt = (time: string) =>
    core.refusalOf(
      `INSERT INTO core.usage_logs (id, created_at, user_id, request_id, service, model, price_id, prompt_tokens, completion_tokens, token_source, status, credits, latency_ms)
       VALUES (gen_random_uuid(), ${time}, gen_random_uuid(), 'r', 's', 'm', gen_random_uuid(), 1, 1, 'counted', 'ok', 1, 1)`,
    );
  const partitions = async () => {
    const rows = await owner.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'core.usage_logs'::regclass ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };
  const firstOfMonth = (ahead: number) =>
    `date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '${ahead} months'`;

  test('of this month and the two after it has a place, to the last moment', async () => {
    for (const time of [
      firstOfMonth(0),
      'now()',
      firstOfMonth(1),
      `${firstOfMonth(3)} - interval '1 microsecond'`,
    ]) {
      await expect(insertAt(time)).resolves.toBeUndefined();
    }
  });

  test('of a month that nobody made a place for is refused', async () => {
    const NO_PARTITION = '23514';
    await expect(insertAt(firstOfMonth(3))).resolves.toBe(NO_PARTITION);
  });

  test('gets its places from the function, by whoever runs it, as often as one likes, in any time zone', async () => {
    const before = await partitions();
    expect(before).toHaveLength(3);
    await core.query('SELECT core.ensure_usage_partitions()');
    await core.query(`SET TIME ZONE 'Pacific/Kiritimati'`);
    await core.query('SELECT core.ensure_usage_partitions()');
    await expect(partitions()).resolves.toEqual(before);
    await owner.query(`DROP TABLE ${before[2] ?? ''}`);
    await core.query('SELECT core.ensure_usage_partitions()');
    await expect(partitions()).resolves.toEqual(before);
    await core.query('RESET TIME ZONE');
    await expect(insertAt(firstOfMonth(2))).resolves.toBeUndefined();
  });
});
