import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from '../packages/core-service/dist/build.js';
import { settings } from '../packages/core-service/dist/config.js';
import { RESERVE } from '../packages/core-service/dist/credits/reserve.js';
import { SETTLE } from '../packages/core-service/dist/credits/settle.js';
import { ensureDatabase, startEmbeddedPostgres } from '../packages/database/dist/embedded.js';
import { openDatabase } from '../packages/database/dist/index.js';
import { migrate } from '../packages/database/dist/migrate.js';
import { batchByAccount } from '../packages/mcp-server/dist/metering/ledger.js';
import { createClient, internalContract } from '../packages/shared/dist/contracts/index.js';
import {
  appTransport,
  closeAll,
  createLogger,
  memoryStore,
  readConfig,
  Secret,
} from '../packages/shared/dist/service/index.js';
import { temporaryFolder } from './contestants.mjs';
import { machine, ms, percentile, printTable } from './figures.mjs';

/**
 * Reserve and settle, by the ledger and by pgbench: the same two statements, on the same server, in turns. pgbench
 * is the limit: it does nothing else, in C.
 */

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const ACCOUNTS = { 'one hot account': 1, '10,000 accounts': 10_000 };
/** Who calls at once where calls travel together, and where each goes by itself. */
const CALLERS = { batched: 512, single: 10 };
/** Pairs that pgbench sends in one statement, over so many connections. */
const BATCH = { pairs: 256, connections: 2 };
const HELD = 100;
const CHARGED = 40;

const run = promisify(execFile);
const PGBENCH = '/usr/lib/postgresql/15/bin/pgbench';

/** In SQL, the id of the nth person. */
const person = (n) => `('00000000-0000-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** One value for each parameter of the statements, as SQL over `i`, with pgbench's variables `a` and `h`. */
const PARAMETERS = {
  reserve: (account) => [
    ...['md5(:h::text || i)::uuid', person(account), `${HELD / 2}::bigint`, `${HELD}::bigint`],
    null,
    'NULL::text',
  ],
  settle: (account) => [
    ...['md5(:h::text || i)::uuid', `${CHARGED}::bigint`, 'gen_random_uuid()', person(account), 'NULL::uuid'],
    ...["'bench'::text", "'chat'::text", "'gpt-4o'::text", 'gen_random_uuid()', '10', '20'],
    ...["'reported'::text", "'ok'::text", '5', '0'],
  ],
};

/** A statement of ours with its parameters written out, for so many pairs. */
function written(text, parameters, pairs) {
  const list = (value) =>
    value === null ? '900' : `ARRAY(SELECT ${value} FROM generate_series(1, ${pairs}) i ORDER BY i)`;
  return text.replaceAll(/\$(\d+)/g, (_, n) => list(parameters[n - 1])).replaceAll(/\s*\n\s*/g, ' ');
}

function script(accounts, pairs) {
  // anybody's account for each pair, as in ours, and the same one for both statements
  const account = `(1 + ('x' || left(md5(:h::text || i), 7))::bit(28)::int % ${accounts})`;
  return [
    '\\set h random(1, 9000000000000000000)',
    `${written(RESERVE.text, PARAMETERS.reserve(account), pairs)};`,
    `${written(SETTLE, PARAMETERS.settle(account), pairs)};`,
    '',
  ].join('\n');
}

/** The limit: how many pairs a second, and the milliseconds of both statements together. */
async function pgbench(url, folder, { accounts, pairs, connections }) {
  const file = join(folder, 'pairs.sql');
  writeFileSync(file, script(accounts, pairs));
  const args = ['-n', '-M', 'prepared', '-c', connections, '-j', 1, '-T', SECONDS, '-f', file, '-l', url];
  await run(PGBENCH, args.map(String), { cwd: folder });
  const logs = readdirSync(folder).filter((name) => name.startsWith('pgbench_log'));
  const took = logs.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1000),
  );
  for (const name of logs) rmSync(join(folder, name));
  return { rate: (took.length * pairs) / SECONDS, p99: percentile(took, 0.99), errors: 0 };
}

/** Ours, through core-service’s own door, each call by itself or as many together as gather while one is on its way. */
async function ours(core, { accounts, isBatched, ids }) {
  const send = (verb) => async (items) => (await core[verb]({ body: { items } })).items;
  const door = (verb) => {
    if (isBatched) return batchByAccount(send(verb));
    return async (item) => (await send(verb)([item]))[0];
  };
  const [reserve, settle] = [door('reserve'), door('settle')];
  const took = [];
  let errors = 0;
  const end = performance.now() + SECONDS * 1000;
  const caller = async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      const [holdId, userId] = [randomUUID(), ids[Math.floor(Math.random() * accounts)]];
      const held = await reserve({ holdId, userId, minMicro: HELD / 2, maxMicro: HELD });
      const settled = await settle(settlement(holdId, userId));
      took.push(performance.now() - startedAt);
      if (held.outcome !== 'held' || settled.outcome !== 'settled') errors += 1;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: isBatched ? CALLERS.batched : CALLERS.single }, caller));
  const seconds = (performance.now() - startedAt) / 1000;
  return { rate: took.length / seconds, p99: percentile(took, 0.99), errors };
}

const settlement = (holdId, userId) => ({
  ...{ holdId, userId, keyId: null, requestId: 'bench', service: 'chat', model: 'gpt-4o' },
  ...{ priceId: randomUUID(), promptTokens: 10, completionTokens: 20, images: 0, chargeMicro: CHARGED },
  ...{ tokenSource: 'reported', status: 'ok', latencyMs: 5 },
});

/** core-service as in one process: its verbs with their checks, no socket. */
async function openCore(coreUrl) {
  const serviceToken = new Secret('Zt3vK8qW1xN6mB9rL2pD5sF7gH4jC0yA');
  const env = {
    ...{ NODE_ENV: 'production', LOG_LEVEL: 'error', SERVICE_TOKEN: serviceToken.reveal() },
    ...{ CORE_DATABASE_URL: coreUrl, SEALING_KEY: Buffer.alloc(32, 'sealed').toString('base64url') },
  };
  const config = readConfig(settings, env);
  const nobody = Object.assign(() => Promise.reject(new Error('not asked')), {
    close: async () => undefined,
  });
  const logger = createLogger({ service: 'core-service', level: 'error' });
  const built = await build(config, logger, { auth: nobody, store: memoryStore() });
  await built.app.ready();
  const close = () => closeAll(built, logger);
  return {
    client: createClient(
      internalContract,
      appTransport(() => built.app, { serviceToken }),
    ),
    close,
  };
}

/** Accounts with credits for ever, each opened by a line of the ledger. */
async function makeAccounts(owner, count) {
  await owner.pool.query(`
    WITH opened AS (
      INSERT INTO core.credit_accounts (user_id, balance) SELECT ${person('i')}, 1e15 FROM generate_series(1, ${count}) i
      RETURNING id
    )
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key)
    SELECT id, 1e15, 1e15, 'credit', 'signup', 'signup' FROM opened`);
  await owner.pool.query('VACUUM ANALYZE');
  const { rows } = await owner.pool.query(`SELECT ${person('i')} AS id FROM generate_series(1, ${count}) i`);
  return rows.map(({ id }) => id);
}

const median = (figures) => figures.toSorted((a, b) => a.rate - b.rate)[Math.floor(figures.length / 2)];

/** Everybody in turns, so that a machine that is slower for a while is slower for all. */
async function measure({ url, folder, core, ids }) {
  const contestants = Object.entries(ACCOUNTS).flatMap(([where, accounts]) => [
    {
      where,
      name: 'pgbench, one pair at a time',
      work: () => pgbench(url, folder, { accounts, pairs: 1, connections: 10 }),
    },
    { where, name: 'ours, one pair at a time', work: () => ours(core, { accounts, isBatched: false, ids }) },
    {
      ...{ where, name: `pgbench, ${BATCH.pairs} pairs at a time` },
      work: () => pgbench(url, folder, { accounts, ...BATCH }),
    },
    { where, name: 'ours, batched', work: () => ours(core, { accounts, isBatched: true, ids }) },
  ]);
  const figures = new Map(contestants.map((one) => [one, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const one of contestants) {
      const figure = await one.work();
      if (round > 0) figures.get(one).push(figure); // the first warms up
    }
  }
  return contestants.map(({ where, name }, index) => ({
    where,
    name,
    ...median(figures.get(contestants[index])),
  }));
}

const cell = ({ rate, p99, errors }) =>
  `${Math.round(rate).toLocaleString('en')} · ${ms(p99)}${errors > 0 ? ` (${errors} errors)` : ''}`;

const folder = temporaryFolder();
const postgres = await startEmbeddedPostgres({
  directory: join(folder, 'data'),
  password: 'owner-of-this-run',
});
await ensureDatabase(postgres, 'hub');
await migrate({
  url: postgres.url('hub'),
  passwords: { auth: 'auth-of-this-run', core: 'core-of-this-run' },
});
const coreUrl = `postgres://hub_core:core-of-this-run@127.0.0.1:${postgres.port}/hub`;
const owner = openDatabase({ url: postgres.url('hub'), poolMax: 1, name: 'bench' });
const core = await openCore(coreUrl);
try {
  const ids = await makeAccounts(owner, ACCOUNTS['10,000 accounts']);
  const figures = await measure({ url: coreUrl, folder, core: core.client, ids });
  console.log(
    `\n${machine()}; PostgreSQL 18 on the same cores. Medians of ${ROUNDS} rounds of ${SECONDS} s, in turns.\n`,
  );
  const names = [...new Set(figures.map(({ name }) => name))];
  const of = (wanted, place) => figures.find(({ name, where }) => name === wanted && where === place);
  printTable(
    ['reserve + settle: pairs/s · p99 ms', ...Object.keys(ACCOUNTS)],
    names.map((name) => [name, ...Object.keys(ACCOUNTS).map((where) => cell(of(name, where)))]),
  );
  for (const where of Object.keys(ACCOUNTS)) {
    const share = (mine, limit) => `${Math.round((100 * of(mine, where).rate) / of(limit, where).rate)} %`;
    console.log(
      `\nOver ${where} ours does ${share(names[1], names[0])} of the limit one at a time, ${share(names[3], names[2])} batched.`,
    );
  }
} finally {
  await core.close();
  await owner.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
