import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { createIdentify } from '../packages/api-gateway/dist/identity.js';
import { hashPassword, verifyPassword } from '../packages/auth-service/dist/accounts/password.js';
import { openDatabase } from '../packages/database/dist/index.js';
import { createClient, internalContract } from '../packages/shared/dist/contracts/index.js';
import {
  cachedJwks,
  createTokenVerifier,
  httpTransport,
  memoryStore,
  openAccessChanges,
  Secret,
} from '../packages/shared/dist/service/index.js';
import { ask, must } from './ask.mjs';
import { processes } from './contestants.mjs';
import { both, machine, ms, percentile, printTable, times } from './figures.mjs';

const GATEWAYS = 4;
const TRIES = 50;
const PEOPLE = 50;
const PASSWORD = 'a long and unusual passphrase';
const MANY = [1e9, 1e9, 1e9];
const RATE_LIMITS = JSON.stringify({ anonymous: MANY, user: MANY, guest: MANY });

/** The gateway's own check over the running auth-service; `isKept` or asked for each time. */
async function identifier({ AUTH_URL, SERVICE_TOKEN }, isKept) {
  const serviceToken = new Secret(SERVICE_TOKEN);
  const transport = httpTransport(AUTH_URL, { serviceToken });
  const auth = createClient(internalContract, transport);
  const changes = openAccessChanges(memoryStore().keyValue);
  const identify = await createIdentify({
    verifyToken: createTokenVerifier(cachedJwks(() => auth.jwks())),
    changes: isKept ? changes : { ...changes, isHeard: () => false },
    auth,
  });
  return { identify, close: () => transport.close() };
}

async function tokenChecks(hub, { accessToken, key }) {
  const [kept, fresh] = [await identifier(hub.env, true), await identifier(hub.env, false)];
  const check = (identify, credential) => () => identify(`Bearer ${credential}`);
  const rows = [
    ['token check in the gateway, kept', both(await times(20_000, check(kept.identify, accessToken)))],
    ['token check in the gateway, asked for', both(await times(1_000, check(fresh.identify, accessToken)))],
    ['key exchange', both(await times(1_000, check(fresh.identify, key)))],
  ];
  await kept.close();
  await fresh.close();
  return rows;
}

async function roleCheck({ gateways: [url] }, { accessToken: token }) {
  return [
    [
      'role check: a route that needs a permission, whole way',
      both(await times(1_500, () => must(`${url}/v1/models`, { token }))),
    ],
  ];
}

/** People who can sign in, made past the limits that registering has. */
async function makePeople({ owner }) {
  const hash = await hashPassword(PASSWORD);
  const people = Array.from({ length: PEOPLE }, () => ({
    id: randomUUID(),
    email: `${randomUUID()}@test.example`,
  }));
  await owner.pool.query(
    `INSERT INTO auth.users (id, email, password_hash, verified)
     SELECT id, email, $3, true FROM unnest($1::uuid[], $2::text[]) AS person(id, email)`,
    [people.map(({ id }) => id), people.map(({ email }) => email), hash],
  );
  return people;
}

const signIn = (url, { email }) =>
  ask(`${url}/api/v1/auth/login`, { method: 'POST', body: { email, password: PASSWORD, delivery: 'body' } });

/**
 * Each of these people signs in again and again until it is over; resolves to how many logins there were. What was
 * refused is counted, and said beside the figure.
 */
async function signInUntil(isOver, url, people) {
  let good = 0;
  let refused = 0;
  const one = async (person) => {
    while (!isOver()) {
      if ((await signIn(url, person)).status === 200) good++;
      else refused++;
    }
  };
  await Promise.all(people.map(one));
  return { good, note: refused > 0 ? `, ${refused} refused` : '' };
}

async function logins({ gateways: [url] }, people) {
  const hash = await hashPassword(PASSWORD);
  const verifications = await times(60, () => verifyPassword(hash, PASSWORD));
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > 5_000;
  const { good, note } = await signInUntil(isOver, url, people.slice(0, cpus().length * 2));
  const seconds = (performance.now() - startedAt) / 1000;
  return [
    [
      'argon2id (19 MiB, 2 passes, 1 lane), one verification on one core',
      `${both(verifications)}, ${(1000 / percentile(verifications, 0.5)).toFixed(0)} a second`,
    ],
    [`logins a second, whole way, all ${cpus().length} cores`, (good / seconds).toFixed(0) + note],
  ];
}

async function meWhileLogins({ gateways: [url] }, { accessToken: token }, people) {
  const me = () => must(`${url}/api/v1/auth/me`, { token });
  const alone = await times(1_000, me);
  let isOver = false;
  const running = signInUntil(() => isOver, url, people);
  const meanwhile = await times(400, me);
  isOver = true;
  const { good, note } = await running;
  return [
    ['`GET /api/v1/auth/me` alone', both(alone)],
    [`the same while ${PEOPLE} logins run at once (${good} in all${note})`, both(meanwhile)],
  ];
}

/** From the question to revoke a key until the last gateway has refused it; every gateway knew the key before. */
async function revocation({ gateways }, { accessToken: token }) {
  const keys = `${gateways[0]}/api/v1/keys`;
  const delays = [];
  for (let i = 0; i < TRIES; i++) {
    const { body } = await must(keys, { method: 'POST', token, body: { name: `try ${i}` } });
    const isRefused = async (url) => (await ask(`${url}/v1/models`, { token: body.key })).status === 401;
    await Promise.all(gateways.map((url) => must(`${url}/v1/models`, { token: body.key })));
    const startedAt = performance.now();
    const watch = async (url) => {
      while (!(await isRefused(url)));
      delays.push(performance.now() - startedAt);
    };
    await Promise.all([
      must(`${keys}/${body.id}`, { method: 'DELETE', token }),
      ...gateways.map((url) => watch(url)),
    ]);
  }
  return [
    [
      `a revoked key is refused by all ${GATEWAYS} gateways, longest of ${TRIES} tries`,
      `${ms(Math.max(...delays))} ms`,
    ],
  ];
}

async function measure(hub) {
  const [url] = hub.gateways;
  const account = { email: `${randomUUID()}@test.example`, password: PASSWORD, delivery: 'body' };
  const { accessToken } = (await must(`${url}/api/v1/auth/register`, { method: 'POST', body: account })).body;
  const { key } = (
    await must(`${url}/api/v1/keys`, { method: 'POST', token: accessToken, body: { name: 'bench' } })
  ).body;
  const person = { accessToken, key };
  const people = await makePeople(hub);
  return [
    ...(await tokenChecks(hub, person)),
    ...(await roleCheck(hub, person)),
    ...(await revocation(hub, person)),
    ...(await logins(hub, people)),
    ...(await meWhileLogins(hub, person, people)),
  ];
}

const hub = await processes({ RATE_LIMITS }, GATEWAYS);
const owner = openDatabase({ url: hub.ownerUrl, poolMax: 1, name: 'bench' });
try {
  const rows = await measure({ ...hub, owner });
  console.log(`\n${machine()}; clients, services, PostgreSQL and Redis on the same cores.\n`);
  printTable(['', 'p50 / p99'], rows);
} finally {
  await owner.close();
  await hub.stop();
}
