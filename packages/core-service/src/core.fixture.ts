import { randomUUID } from 'node:crypto';
import { enqueueIn, openDatabase } from '@smart-ai-hub/database';
import type { Grants, Settlement, Transport } from '@smart-ai-hub/shared/contracts';
import {
  closeAll,
  createSealer,
  type ClosableTransport,
  memoryStore,
  openAccessChanges,
  readConfig,
  Secret,
} from '@smart-ai-hub/shared/service';
import { freshDatabase, testIssuer, testLog, type TestPerson } from '@smart-ai-hub/shared/testing';
import type { FastifyInstance } from 'fastify';
import { inject } from 'vitest';
import { z } from 'zod';
import { build } from './build.ts';
import { settings } from './config.ts';
import type { CoreDeps } from './context.ts';

const SEALING_KEY = 'q0Zk1sT8vXoY3nB5mR7uL2wE9cH4jG6dFaKxPiVyNtU';
export const SERVICE_TOKEN = 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc';

/** The ledger's verbs over a database of one test's own. */
export async function coreDeps(overrides: Partial<CoreDeps> = {}) {
  const fresh = await freshDatabase(inject('postgres'));
  const database = openDatabase({ url: fresh.coreUrl, poolMax: 10 });
  const owner = openDatabase({ url: fresh.ownerUrl, poolMax: 1 });
  return {
    database,
    store: memoryStore().keyValue,
    enqueue: enqueueIn('core'),
    announce: () => Promise.resolve(),
    sealer: createSealer(new Secret(SEALING_KEY)),
    localReceivers: [],
    localProviders: [],
    localMcpServers: [],
    stdioCommands: [],
    signupCreditMicro: 1_000_000,
    holdSeconds: 900,
    membersOf: () => Promise.resolve([]),
    ...overrides,
    /** A look, or a change, from outside. */
    sql: async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
      (await owner.pool.query<Record<string, unknown>>(text, values)).rows,
    coreUrl: fresh.coreUrl,
    [Symbol.asyncDispose]: async () => {
      await owner.close();
      await database.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

/** The whole service over a database of its own, asked without a socket. */
export async function startCore(env: Record<string, string> = {}) {
  const fresh = await freshDatabase(inject('postgres'));
  const issuer = await testIssuer();
  const log = testLog('core-service');
  const config = readConfig(settings, {
    NODE_ENV: 'test',
    SERVICE_TOKEN,
    CORE_DATABASE_URL: fresh.coreUrl,
    SEALING_KEY,
    ...env,
  });
  const store = memoryStore();
  const announced: string[] = [];
  await openAccessChanges(store.keyValue).follow(
    (subject) => announced.push(subject),
    () => undefined,
  );
  const teams = new Map<string, string[]>();
  const built = await build(config, log.logger, {
    auth: withTeams(issuer.transport, teams),
    store,
  });
  await built.app.ready();
  const ask = asker(built.app);
  const owner = openDatabase({ url: fresh.ownerUrl, poolMax: 2 });
  const sql = async (text: string, values: unknown[] = []) =>
    (await owner.pool.query<Record<string, unknown>>(text, values)).rows;
  const internal = (path: string, body: object) =>
    ask('POST', `/internal${path}`, { token: SERVICE_TOKEN, body });

  /** Somebody with an account and these roles beside `user`, and what their credential shows of them. */
  const person = async (roles: string[] = [], shown: TestPerson = {}) => {
    const id = randomUUID();
    await internal('/accounts', { userId: id });
    await sql(
      'INSERT INTO core.user_roles (user_id, role_id) SELECT $1, id FROM core.roles WHERE name = ANY($2)',
      [id, roles],
    );
    const { grants } = z
      .object({ grants: z.custom<Grants>() })
      .parse((await internal('/access', { userId: id })).body);
    const token = await issuer.token({ userId: id, roles: ['user', ...roles], grants, ...shown });
    return {
      id,
      token,
      ask: (method: Method, url: string, body?: object) => ask(method, url, { token, ...(body && { body }) }),
      roles: async () => (await internal('/access', { userId: id })).body['roles'],
    };
  };
  /** A role as somebody with the owner's rights would make it, whatever the rules say. */
  const role = async (level: number, grants: Grants = {}, name = freshName()) => {
    await sql('INSERT INTO core.roles (name, level) VALUES ($1, $2)', [name, level]);
    await sql(
      `INSERT INTO core.role_permissions SELECT r.id, p.id, w.scope FROM unnest($2::text[], $3::text[]) AS w(name, scope)
       JOIN core.permissions p USING (name), core.roles r WHERE r.name = $1`,
      [name, Object.keys(grants), Object.values(grants)],
    );
    return name;
  };
  return {
    coreUrl: fresh.coreUrl,
    sql,
    role,
    person,
    /** Subjects that every process heard of, in order. */
    announced,
    app: built.app,
    issuer,
    log,
    ask,
    /** Manager → members, as auth-service would answer. */
    teams,
    /** Between services. */
    internal,
    [Symbol.asyncDispose]: async () => {
      await owner.close();
      await closeAll(built, log.logger);
      await fresh[Symbol.asyncDispose]();
    },
  };
}

export const freshName = () => `role-${randomUUID().slice(0, 8)}`;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** auth-service as far as this service hears it: its keys, and who is in whose teams. */
function withTeams(
  transport: ClosableTransport,
  teams: ReadonlyMap<string, readonly string[]>,
): ClosableTransport {
  const answer: Transport = (request) =>
    request.path === '/internal/reach'
      ? Promise.resolve({ status: 200, body: { memberIds: teams.get(userIdOf(request.body)) ?? [] } })
      : transport(request);
  return Object.assign(answer, { close: transport.close });
}

const userIdOf = (body: unknown) => z.object({ userId: z.string() }).parse(body).userId;

const asker =
  (app: FastifyInstance) =>
  async (method: Method, url: string, { token, body }: { token?: string; body?: object } = {}) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await app.inject({
      method,
      url,
      headers,
      ...(body !== undefined && { payload: body }),
    });
    const json = z.record(z.string(), z.unknown()).parse(JSON.parse(answer.payload || '{}'));
    return { status: answer.statusCode, body: json };
  };

/** A settlement of a chat, with what a test does not care about filled in. */
export const settlement = (holdId: string, userId: string, chargeMicro: number): Settlement => ({
  holdId,
  userId,
  keyId: null,
  requestId: `request-${holdId.slice(0, 8)}`,
  service: 'chat',
  model: 'gpt-4o-mini',
  priceId: randomUUID(),
  promptTokens: 1,
  completionTokens: 2,
  images: 0,
  chargeMicro,
  tokenSource: 'reported',
  status: 'ok',
  latencyMs: 5,
});
