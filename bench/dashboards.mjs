import { randomUUID } from 'node:crypto';
import { clearInterval, setInterval } from 'node:timers';
import { rollUpUsage } from '../packages/core-service/dist/usage/roll-up-usage.js';
import { openDatabase } from '../packages/database/dist/index.js';
import { must } from './ask.mjs';
import { processes } from './contestants.mjs';
import { machine, ms, percentile, printTable, times } from './figures.mjs';
import { memory } from './processes.mjs';

/** Lists, dashboards, statement and export over as much as a team makes in three months, as a person asks for them. */

const CALLS = Number(process.env['BENCH_CALLS'] ?? 10_000_000);
const LINES = Number(process.env['BENCH_LEDGER_LINES'] ?? 1_000_000);
const PEOPLE = 2_000;
const TEAMS = 50;
const DAYS = 90;
const TEAM = '00000000-0000-4000-9000-000000000007';
/** Lines of one person's statement; the same person has a tenth of all calls. */
const STATED = 10_000;

const MANY = [1e9, 1e9, 1e9];
const RATE_LIMITS = JSON.stringify({ anonymous: MANY, user: MANY, guest: MANY });

/** In SQL, ids of those who are not asked for by name. */
const person = (n) => `('00000000-0000-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const team = (n) => `('00000000-0000-4000-9000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const key = (n) => `('00000000-0000-4000-a000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

const monthsBack = (back) =>
  `(date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => ${back}))::date`;

/** Months that are over, as they would have been made when they began. */
const makeMonth = (back) => `DO $$ DECLARE first date := ${monthsBack(back)}; BEGIN
  EXECUTE format('CREATE TABLE IF NOT EXISTS core.%I PARTITION OF core.usage_logs FOR VALUES FROM (%L) TO (%L)',
    'usage_logs_' || to_char(first, 'YYYY_MM'), first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00');
END $$`;

/** Calls of people some of whom call much more than others, spread over the days; one person has a tenth of all. */
const addCalls = (mine) => `
  INSERT INTO core.usage_logs (id, created_at, user_id, key_id, request_id, service, model, price_id, prompt_tokens,
    completion_tokens, token_source, status, credits, latency_ms, team_ids)
  SELECT gen_random_uuid(), now() - interval '${DAYS} days' * (1 - n::float / ${CALLS}),
    CASE WHEN n % 10 = 0 THEN '${mine}'::uuid ELSE ${person('who')} END,
    CASE WHEN n % 6 > 0 THEN ${key('who * 6 + n % 6')} END, 'request-' || n, 'chat',
    (ARRAY['gpt-4o', 'gpt-4o-mini', 'claude-sonnet', 'gemini-flash', 'o3', 'local-llama'])[1 + floor(6 * power(random(), 2))::int],
    '00000000-0000-4000-b000-000000000000', 200, 100, 'reported', CASE WHEN n % 50 = 0 THEN 'provider-error' ELSE 'ok' END, 300, 900,
    ARRAY[${team(`who % ${TEAMS}`)}]
  FROM (SELECT n, CASE WHEN n % 10 = 0 THEN ${PEOPLE} ELSE floor(${PEOPLE} * power(random(), 2))::int END AS who FROM generate_series(1, ${CALLS}) n) calls`;

/** Accounts whose lines add up, one of them with as many as a statement has. */
const addLedger = (mine) => `
  WITH opened AS (
    INSERT INTO core.credit_accounts (user_id, balance) SELECT ${person('i')}, 1e12 - ${LINES / PEOPLE} * 300 FROM generate_series(1, ${PEOPLE}) i
    RETURNING id
  ), accounts AS (
    SELECT id, ${LINES / PEOPLE} AS lines, 1e12::bigint AS opening FROM opened
    UNION ALL SELECT id, ${STATED}, balance FROM core.credit_accounts WHERE user_id = '${mine}'
  ), booked AS (
    INSERT INTO core.credit_transactions (account_id, amount, balance_after, type, reason, idempotency_key, metadata)
    SELECT id, CASE n WHEN 0 THEN opening ELSE -300 END, opening - n * 300, CASE n WHEN 0 THEN 'credit' ELSE 'debit' END,
      CASE n WHEN 0 THEN 'adjustment' ELSE 'usage' END, 'bench:' || n, '{"model": "gpt-4o", "requestId": "bench"}'
    FROM accounts, generate_series(0, lines) n WHERE n > 0 OR opening = 1e12 ORDER BY n
  )
  UPDATE core.credit_accounts SET balance = balance - ${STATED} * 300 WHERE user_id = '${mine}'`;

/** The quick way in: no trigger looks at millions of rows, and nothing is written to disk twice. */
async function seed(owner, mine) {
  for (const back of [1, 2, 3]) await owner.pool.query(makeMonth(back));
  await owner.pool.query("ALTER SYSTEM SET max_wal_size = '8GB'");
  await owner.pool.query('SELECT pg_reload_conf()');
  await owner.pool.query(
    "SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'; SET statement_timeout = 0",
  );
  await owner.pool.query(addCalls(mine));
  await owner.pool.query(addLedger(mine));
  await owner.pool.query('SET session_replication_role = DEFAULT');
  const first = `date_trunc('hour', now() - interval '${DAYS} days', 'UTC')`;
  await owner.pool.query(`UPDATE core.usage_rolled_up SET until = ${first}`);
  await rollUpUsage({ database: owner });
  await owner.pool.query('VACUUM ANALYZE');
}

/** Somebody new, and how they sign in: a token lasts a quarter of an hour, which seeding may take. */
async function register(url) {
  const body = {
    email: `${randomUUID()}@test.example`,
    password: 'a long and unusual passphrase',
    delivery: 'body',
  };
  const answer = await must(`${url}/api/v1/auth/register`, { method: 'POST', body });
  const signIn = async () => {
    const { accessToken: token } = (await must(`${url}/api/v1/auth/login`, { method: 'POST', body })).body;
    return { token };
  };
  return { id: answer.body.user.id, signIn };
}

const daysAgo = (days) => new Date(Date.now() - days * 24 * 3_600_000).toISOString();

/** What people look at: their own, and an administrator everybody’s. */
const MINE = [
  ...[
    'usage/logs?limit=100',
    `usage/logs?limit=100&to=${daysAgo(60)}`,
    'usage/logs?status=provider-error&model=o3',
  ],
  ...['day', 'model', 'key', 'team'].map((by) => `usage/summary?by=${by}`),
  ...['credits/balance', 'credits/transactions?limit=100', 'credits/transactions?reason=signup'],
];
const EVERYBODYS = [
  ...['day', 'model', 'service', 'user', 'team'].map((by) => `usage/summary?of=reach&by=${by}`),
  `usage/summary?of=reach&by=user&from=${daysAgo(DAYS)}`,
  ...['day', 'model', 'user'].map((by) => `usage/summary?of=reach&by=${by}&teamId=${TEAM}`),
  ...['credits/accounts?limit=100', 'credits/accounts?status=frozen', 'credits/reconciliations', 'prices'],
  ...['promo-codes', 'webhooks', 'admin/audit?limit=100'],
];

async function queries(url, paths, { token }) {
  const rows = [];
  for (const path of paths) {
    const took = await times(100, () => must(`${url}/api/v1/${path}`, { token }));
    rows.push([
      `\`${path.replace(/=[\d-]{8,}[^&]*/g, '=…')}\``,
      ms(percentile(took, 0.5)),
      ms(percentile(took, 0.95)),
    ]);
  }
  return rows;
}

/** Reads a stream to its end; answers seconds, lines, and the most memory that the service had meanwhile. */
async function download(url, { token }, pid) {
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, memory(pid))), 50);
  const startedAt = performance.now();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  let lines = 0;
  for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) lines += 1;
  clearInterval(watch);
  return { seconds: (performance.now() - startedAt) / 1000, lines, most };
}

const count = (number) => number.toLocaleString('en');

const hub = await processes({ RATE_LIMITS });
const owner = openDatabase({ url: hub.ownerUrl, poolMax: 1, name: 'bench' });
try {
  const [url] = hub.gateways;
  const [person, administrator] = [await register(url), await register(url)];
  await owner.pool.query(
    "INSERT INTO core.user_roles (user_id, role_id) SELECT $1, id FROM core.roles WHERE name = 'superadmin'",
    [administrator.id],
  );
  const startedAt = performance.now();
  await seed(owner, person.id);
  console.log(`seeded in ${Math.round((performance.now() - startedAt) / 1000)} s`);
  const [me, root] = [await person.signIn(), await administrator.signIn()];
  const rows = [...(await queries(url, MINE, me)), ...(await queries(url, EVERYBODYS, root))];
  const proof = await times(2, () => must(`${url}/api/v1/credits/reconcile`, { token: root.token }));
  const pid = hub.pids['core-service'];
  const statement = await download(`${url}/api/v1/credits/statement`, me, pid);
  const before = memory(pid);
  const half = await download(`${url}/api/v1/usage/export?from=${daysAgo(DAYS / 2)}`, me, pid);
  const whole = await download(`${url}/api/v1/usage/export`, me, pid);
  console.log(
    `\n${machine()}; clients, services, PostgreSQL and Redis on the same cores. ${count(CALLS)} calls of ${count(PEOPLE)} people, ${count(LINES)} lines of ledger.\n`,
  );
  printTable(['', 'p50 ms', 'p95 ms'], rows);
  console.log(`\nThe proof that every ledger adds up: ${ms(percentile(proof, 0.5) / 1000)} s.`);
  console.log(`A statement of ${count(statement.lines)} lines: ${ms(statement.seconds)} s.`);
  console.log(
    `An export of ${count(half.lines)} calls: ${ms(half.seconds)} s, of ${count(whole.lines)}: ${ms(whole.seconds)} s; core-service had ${before} MB before, ${half.most} and ${whole.most} MB at most.`,
  );
} finally {
  await owner.close();
  await hub.stop();
}
