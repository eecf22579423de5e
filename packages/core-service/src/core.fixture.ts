import { randomUUID } from 'node:crypto';
import { enqueueIn, openDatabase } from '@smart-ai-hub/database';
import type { Settlement, Transport } from '@smart-ai-hub/shared/contracts';
import {
  closeAll,
  type ClosableTransport,
  createMemoryKeyValue,
  readConfig,
} from '@smart-ai-hub/shared/service';
import { freshDatabase, testIssuer, testLog } from '@smart-ai-hub/shared/testing';
import type { FastifyInstance } from 'fastify';
import { inject } from 'vitest';
import { z } from 'zod';
import { build } from './build.ts';
import { settings } from './config.ts';
import type { CoreDeps } from './context.ts';

export const SERVICE_TOKEN = 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc';

/** The ledger's verbs over a database of one test's own. */
export async function coreDeps(overrides: Partial<CoreDeps> = {}) {
  const fresh = await freshDatabase(inject('postgres'));
  const database = openDatabase({ url: fresh.coreUrl, poolMax: 10 });
  const owner = openDatabase({ url: fresh.ownerUrl, poolMax: 1 });
  return {
    database,
    store: createMemoryKeyValue(),
    enqueue: enqueueIn('core'),
    announce: () => Promise.resolve(),
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
    ...env,
  });
  const teams = new Map<string, string[]>();
  const built = await build(config, log.logger, { auth: withTeams(issuer.transport, teams) });
  await built.app.ready();
  const ask = asker(built.app);
  return {
    app: built.app,
    issuer,
    log,
    ask,
    /** Manager → members, as auth-service would answer. */
    teams,
    /** Between services. */
    internal: (path: string, body: object) => ask('POST', `/internal${path}`, { token: SERVICE_TOKEN, body }),
    [Symbol.asyncDispose]: async () => {
      await closeAll(built, log.logger);
      await fresh[Symbol.asyncDispose]();
    },
  };
}

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
  async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    { token, body }: { token?: string; body?: object } = {},
  ) => {
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
  chargeMicro,
  tokenSource: 'reported',
  status: 'ok',
  latencyMs: 5,
});
