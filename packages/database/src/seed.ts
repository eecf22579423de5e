import type pg from 'pg';

/** Role → level, words, and permission → scope. The same as in the contracts; a test says equal. */
export interface RoleSeed {
  name: string;
  level: number;
  description: string;
  permissions: Record<string, 'own' | 'team' | 'any'>;
}

const RESOURCES = {
  users: ['create', 'read', 'update', 'delete'],
  roles: ['read', 'manage', 'assign'],
  credits: ['read', 'adjust'],
  promos: ['read', 'manage', 'redeem'],
  services: ['use', 'read', 'configure'],
  tools: ['use', 'configure'],
  usage: ['read'],
  audit: ['read'],
  settings: ['read', 'update'],
  keys: ['read', 'manage'],
};

export const PERMISSION_SEED = Object.entries(RESOURCES).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}`),
);

const all = (except: string[] = []) =>
  Object.fromEntries(
    PERMISSION_SEED.filter((name) => !except.includes(name)).map((name) => [name, 'any' as const]),
  );

const own = {
  'users:read': 'own',
  'users:update': 'own',
  'credits:read': 'own',
  'usage:read': 'own',
  'keys:read': 'own',
  'keys:manage': 'own',
  'services:use': 'any',
  'tools:use': 'any',
  'promos:redeem': 'own',
} as const;

const team = {
  'users:read': 'team',
  'credits:read': 'team',
  'credits:adjust': 'team',
  'usage:read': 'team',
  'keys:read': 'team',
} as const;

export const ROLE_SEED: readonly RoleSeed[] = [
  { name: 'superadmin', level: 100, description: 'Everything', permissions: all() },
  {
    name: 'admin',
    level: 80,
    description: 'Everything but roles and settings',
    permissions: all(['roles:manage', 'settings:update']),
  },
  {
    name: 'manager',
    level: 60,
    description: 'Reads and adjusts in the own team',
    permissions: { ...own, ...team },
  },
  { name: 'user', level: 40, description: 'Own data, models and tools', permissions: own },
  {
    name: 'guest',
    level: 20,
    description: 'Models opened to guests',
    permissions: { 'services:use': 'own' },
  },
];

/** Credits per 1,000 tokens, in and out alike, by model id or prefix. */
export const PRICE_SEED: Readonly<Record<string, number>> = {
  'hub/echo': 1,
  'gpt-5*': 10,
  'gpt-5-mini*': 1,
  'gpt-5-nano*': 1,
  'gpt-4*': 10,
  'gpt-4o-mini*': 1,
  'gpt-4.1-mini*': 1,
  'gpt-4.1-nano*': 1,
  'gpt-3.5*': 1,
  'o1*': 10,
  'o3*': 10,
  'o3-mini*': 1,
  'o4-mini*': 1,
  'claude-opus*': 12,
  'claude-3-opus*': 12,
  'claude-sonnet*': 8,
  'claude-3-5-sonnet*': 8,
  'claude-3-7-sonnet*': 8,
  'claude-haiku*': 2,
  'claude-3-haiku*': 2,
  'claude-3-5-haiku*': 2,
  'gemini*': 5,
  'text-embedding*': 0.1,
};

/** Credits for each image, or each call of a tool. */
export const UNIT_PRICE_SEED: Readonly<Record<string, number>> = {
  'dall-e*': 50,
  'gpt-image*': 50,
  'imagen*': 50,
  'tool:*': 0.1,
};

/** 1,000 tokens → 1,000,000 tokens, credits → micro-credits. */
const MICRO_PER_CREDIT = 1_000_000;
const MICRO_PER_MILLION = 1_000 * MICRO_PER_CREDIT;

/** Start values hold from here; whoever sets a price later sets a later date. */
const SEED_DATE = '2026-01-01T00:00:00Z';

/**
 * Writes the catalogue of permissions, system roles and start prices. A second run changes nothing: what an
 * administrator has changed stays; only a permission that is new to this database is granted. superadmin has all.
 */
export async function seed(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  const { rows } = await client.query<{ name: string }>(
    'INSERT INTO core.permissions (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING RETURNING name',
    [PERMISSION_SEED],
  );
  const fresh = new Set(rows.map(({ name }) => name));
  for (const role of ROLE_SEED) await seedRole(client, role, fresh);
  const models = Object.keys(PRICE_SEED);
  const prices = Object.values(PRICE_SEED).map((credits) => Math.round(credits * MICRO_PER_MILLION));
  await client.query(
    `INSERT INTO core.model_prices (model, input_micro_per_million, output_micro_per_million, effective_at)
     SELECT model, price, price, $3 FROM unnest($1::text[], $2::bigint[]) AS start(model, price)
     ON CONFLICT (model, effective_at) DO NOTHING`,
    [models, prices, SEED_DATE],
  );
  const units = Object.values(UNIT_PRICE_SEED).map((credits) => Math.round(credits * MICRO_PER_CREDIT));
  await client.query(
    `INSERT INTO core.model_prices (model, input_micro_per_million, output_micro_per_million, unit_micro, effective_at)
     SELECT model, 0, 0, price, $3 FROM unnest($1::text[], $2::bigint[]) AS start(model, price)
     ON CONFLICT (model, effective_at) DO NOTHING`,
    [Object.keys(UNIT_PRICE_SEED), units, SEED_DATE],
  );
  await client.query('COMMIT');
}

async function seedRole(
  client: pg.Client,
  { name, level, description, permissions }: RoleSeed,
  fresh: ReadonlySet<string>,
): Promise<void> {
  const granted = Object.entries(permissions).filter(
    ([permission]) => name === 'superadmin' || fresh.has(permission),
  );
  await client.query(
    `INSERT INTO core.roles (name, level, system, description) VALUES ($1, $2, true, $3)
     ON CONFLICT (name) DO UPDATE SET level = $2, system = true, description = $3`,
    [name, level, description],
  );
  await client.query(
    `INSERT INTO core.role_permissions (role_id, permission_id, scope)
     SELECT r.id, p.id, s.scope FROM unnest($2::text[], $3::text[]) AS s(permission, scope)
     JOIN core.roles r ON r.name = $1 JOIN core.permissions p ON p.name = s.permission
     ON CONFLICT (role_id, permission_id) DO UPDATE SET scope = EXCLUDED.scope`,
    [name, granted.map(([permission]) => permission), granted.map(([, scope]) => scope)],
  );
}
