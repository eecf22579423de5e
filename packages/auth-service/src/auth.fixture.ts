import { randomUUID } from 'node:crypto';
import { openDatabase } from '@smart-ai-hub/database';
import {
  isRoleName,
  type PersonAccess,
  ROLE_GRANTS,
  ROLES,
  type Transport,
  uniteGrants,
} from '@smart-ai-hub/shared/contracts';
import { closeAll, readConfig, type Store } from '@smart-ai-hub/shared/service';
import { freshDatabase, testLog } from '@smart-ai-hub/shared/testing';
import type { LightMyRequestResponse } from 'fastify';
import { inject } from 'vitest';
import { z } from 'zod';
import { type AuthParts, build } from './build.ts';
import { settings } from './config.ts';

export const SERVICE_TOKEN = 'k7Qw9xT2mZ4vB8nL1pR5sD3fG6hJ0aYc';
const SIGNING_SEED = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';

const SEALING_KEY = 'q0Zk1sT8vXoY3nB5mR7uL2wE9cH4jG6dFaKxPiVyNtU';

export const PASSWORD = 'a long and unusual passphrase';

export interface AuthOptions {
  env?: Record<string, string>;
  /** What core-service answers; roles of everybody else are `user`. */
  core?: Transport;
  store?: Store;
  fetch?: AuthParts['fetch'];
}

/** What core-service says of somebody with these system roles. */
export function accessFor(...roles: string[]): PersonAccess {
  const known = roles.filter(isRoleName);
  const level = Math.max(0, ...known.map((role) => ROLES[role].level));
  return { roles, level, grants: uniteGrants(known.map((role) => ROLE_GRANTS[role])) };
}

/** core-service as far as this service hears it: everybody has an account and the role `user`. */
const everybodyIsUser: Transport = () => Promise.resolve({ status: 200, body: accessFor('user') });

/** The whole service over a database of its own, asked without a socket. */
export async function startAuth({ env = {}, core = everybodyIsUser, store, fetch }: AuthOptions = {}) {
  const fresh = await freshDatabase(inject('postgres'));
  const log = testLog('auth-service');
  const config = readConfig(settings, {
    NODE_ENV: 'test',
    SERVICE_TOKEN,
    SIGNING_SEED,
    SEALING_KEY,
    AUTH_DATABASE_URL: fresh.authUrl,
    TRIES_PER_NETWORK: '1000000',
    ...env,
  });
  const closable = Object.assign((request: Parameters<Transport>[0]) => core(request), {
    close: () => Promise.resolve(),
  });
  const built = await build(config, log.logger, {
    core: closable,
    ...(store && { store }),
    ...(fetch && { fetch }),
  });
  await built.app.ready();
  const database = openDatabase({ url: fresh.authUrl, poolMax: 2 });
  const auditor = openDatabase({ url: fresh.coreUrl, poolMax: 1 });
  const owner = openDatabase({ url: fresh.ownerUrl, poolMax: 1 });

  const identify = async (credential: string) =>
    answerOf(
      await built.app.inject({
        method: 'POST',
        url: '/internal/identify',
        headers: { authorization: `Bearer ${SERVICE_TOKEN}` },
        payload: { credential },
      }),
    );

  const renew = async (token: unknown, bearer = SERVICE_TOKEN) =>
    answerOf(
      await built.app.inject({
        method: 'POST',
        url: '/internal/renew',
        headers: { authorization: `Bearer ${bearer}` },
        payload: { token },
      }),
    );

  /** As the gateway does: services get what a credential was turned into, and a bad one as it is. */
  const believed = async (credential: string): Promise<string> => {
    if (credential === SERVICE_TOKEN) return credential;
    const { token } = (await identify(credential)).body;
    return typeof token === 'string' ? token : credential;
  };

  const ask = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options: AskOptions = {},
  ): Promise<Answer> => {
    const { token, body, headers = {}, address = '203.0.113.1' } = options;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${await believed(token)}` };
    return answerOf(
      await built.app.inject({
        method,
        url,
        headers: { 'x-forwarded-for': address, ...authorization, ...headers },
        ...(body && { payload: body }),
      }),
    );
  };

  return {
    app: built.app,
    log,
    database,
    ownerUrl: fresh.ownerUrl,
    serviceToken: SERVICE_TOKEN,
    /** As the owner: for what this service may not read. */
    owner,
    ask,
    identify,
    /** As a service does that serves somebody longer than a token lives. */
    renew,
    /** What the audit log holds of something, oldest first. */
    audited: (targetId: string) =>
      auditor.prisma.auditEvent.findMany({ where: { targetId }, orderBy: { id: 'asc' } }),
    post: (path: string, body: object, options: AskOptions = {}) => ask('POST', path, { ...options, body }),
    /** A new account, signed in, with both tokens. */
    person: async (email = `${randomUUID()}@test.example`) => {
      const answer = await ask('POST', '/api/v1/auth/register', {
        body: { email, password: PASSWORD, delivery: 'body' },
      });
      return { email, ...tokens.parse(answer.body) };
    },
    [Symbol.asyncDispose]: async () => {
      await owner.close();
      await database.close();
      await auditor.close();
      await closeAll(built, log.logger);
      await fresh[Symbol.asyncDispose]();
    },
  };
}

interface AskOptions {
  token?: string;
  body?: object;
  headers?: Record<string, string>;
  address?: string;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  cookies: { name: string; value: string }[];
  headers: LightMyRequestResponse['headers'];
}

const tokens = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  user: z.object({ id: z.string() }),
});

const answerOf = ({ statusCode, payload, cookies, headers }: LightMyRequestResponse): Answer => ({
  status: statusCode,
  body: z.record(z.string(), z.unknown()).parse(JSON.parse(payload || '{}')),
  cookies,
  headers,
});
