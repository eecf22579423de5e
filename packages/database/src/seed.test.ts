import { expect, test } from 'vitest';
import { type Connection, connectTo, migratedDatabase } from './database.fixture.ts';
import { PERMISSION_SEED, PRICE_SEED, ROLE_SEED, seed, UNIT_PRICE_SEED } from './seed.ts';

const TABLES = ['core.permissions', 'core.roles', 'core.role_permissions', 'core.model_prices'];
/** Every row of the catalogue, by table. */
async function everything(owner: Connection) {
  const tables = new Map<string, Record<string, unknown>[]>();
  for (const table of TABLES)
    tables.set(table, await owner.query(`SELECT t.* FROM ${table} t ORDER BY t::text`));
  return tables;
}

test('the catalogue is written whole', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  const tables = await everything(owner);
  const sizes = TABLES.map((table) => tables.get(table)?.length);
  const grants = ROLE_SEED.flatMap(({ permissions }) => Object.keys(permissions));
  expect(sizes).toEqual([
    PERMISSION_SEED.length,
    ROLE_SEED.length,
    grants.length,
    Object.keys(PRICE_SEED).length + Object.keys(UNIT_PRICE_SEED).length,
  ]);
  const [small] = await owner.query(
    `SELECT input_micro_per_million AS price FROM core.model_prices WHERE model = 'text-embedding*'`,
  );
  expect(small).toEqual({ price: '100000000' });
});

test('a second run changes nothing, to the id', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  const before = await everything(owner);
  await seed(owner.client);
  await expect(everything(owner)).resolves.toEqual(before);
});

test('what a person added stays: a later price, a role and its permissions', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  await owner.query(
    `INSERT INTO core.model_prices (model, input_micro_per_million, output_micro_per_million, effective_at) VALUES ('gpt-4*', 1, 1, '2027-01-01')`,
  );
  await owner.query(`INSERT INTO core.roles (name, level) VALUES ('auditor', 50)`);
  await owner.query(
    `INSERT INTO core.role_permissions SELECT r.id, p.id, 'any' FROM core.roles r, core.permissions p WHERE r.name = 'auditor' AND p.name = 'audit:read'`,
  );
  const before = await everything(owner);
  await seed(owner.client);
  await expect(everything(owner)).resolves.toEqual(before);
});

test('a system role is mended in its level and words; its permissions stay what an administrator made them', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  await owner.query(`UPDATE core.role_permissions SET scope = 'own' WHERE scope = 'team'`);
  await owner.query(
    `DELETE FROM core.role_permissions WHERE scope = 'any' AND role_id = (SELECT id FROM core.roles WHERE name = 'admin')`,
  );
  const before = await everything(owner);
  await owner.query(`UPDATE core.roles SET level = 1, description = 'x' WHERE name = 'admin'`);
  await seed(owner.client);
  await expect(everything(owner)).resolves.toEqual(before);
});

test('superadmin has everything again, and a permission that is new is granted', async () => {
  await using database = await migratedDatabase();
  await using owner = await connectTo(database.ownerUrl);
  const grants = () =>
    owner.query(
      `SELECT r.name, p.name AS permission, rp.scope FROM core.role_permissions rp
       JOIN core.roles r ON r.id = rp.role_id JOIN core.permissions p ON p.id = rp.permission_id ORDER BY 1, 2`,
    );
  const before = await grants();
  await owner.query(
    `DELETE FROM core.role_permissions WHERE role_id = (SELECT id FROM core.roles WHERE name = 'superadmin')`,
  );
  await owner.query(`DELETE FROM core.permissions WHERE name = 'audit:read'`);
  await seed(owner.client);
  await expect(grants()).resolves.toEqual(before);
});
