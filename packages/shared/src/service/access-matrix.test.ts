import type { FastifyInstance } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as contracts from '../contracts/index.ts';
import {
  type Contract,
  DomainError,
  type Grants,
  isPermission,
  type Permission,
  PERMISSIONS,
  type Route,
  ROLE_GRANTS,
  type Scope,
  SCOPES,
  scopesOf,
} from '../contracts/index.ts';
import { testIssuer, type TestIssuer } from '../testing/issuer.ts';
import { testLog } from '../testing/log.ts';
import { bind, type Handlers } from './bind.ts';
import { createApp } from './http.ts';
import { Secret } from './secret.ts';
import { createTokenVerifier } from './token.ts';

/** Every contract that there is: a new one is in this test as soon as it is exported. */
const ALL: Contract[] = Object.entries(contracts).flatMap(([name, value]) =>
  name.endsWith('Contract') ? [value as unknown as Contract] : [],
);
const ROUTES: Route[] = ALL.flatMap((contract) => Object.values(contract));

/** Fits every parameter of an address. */
const ID = 'abababab-abab-4bab-8bab-abababababab';
const urlOf = ({ path }: Route) => path.replace(/:\w+/g, ID);

let issuer: TestIssuer;
let app: FastifyInstance;
beforeAll(async () => {
  issuer = await testIssuer();
  const verifyToken = createTokenVerifier(createLocalJWKSet(issuer.jwks));
  const guards = { serviceToken: new Secret('service-token-of-this-test'), verifyToken };
  app = createApp({ service: 'test', version: '0', logger: testLog('test').logger });
  for (const contract of ALL) bind(app, contract, guards, {}, reachedBy(contract));
  await app.ready();
});
afterAll(() => app.close());

/** Handlers that say they were reached, by a code that no guard answers. */
const reachedBy = (contract: Contract): Handlers<Contract, object> =>
  Object.fromEntries(
    Object.keys(contract).map((name) => [name, () => Promise.reject(new DomainError('not-found'))]),
  );

/** Where each dialect says the code of a problem. */
interface Told {
  code?: string;
  error?: { code: string; data?: { code: string } };
}

/** What stands in the way of a request without a body: nothing, where the route or its schema answers. */
async function refusal(route: Route, token: string): Promise<string | undefined> {
  const { method } = route;
  const answer = await app.inject({
    method,
    url: urlOf(route),
    headers: { authorization: `Bearer ${token}` },
  });
  const { code, error }: Told = JSON.parse(answer.payload);
  const said = code ?? error?.data?.code ?? error?.code;
  return said === 'forbidden' || said === 'unauthenticated' ? said : undefined;
}

/** Said here once more, and differently than the product does: what a scope has to be to mean anything. */
const means = (permission: Permission, scope: Scope | undefined) =>
  scope === 'any' || (scope !== undefined && scopesOf(permission).includes(scope));

function expected({ access }: Route, grants: Grants): string | undefined {
  if (access === 'service') return 'unauthenticated';
  return isPermission(access) && !means(access, grants[access]) ? 'forbidden' : undefined;
}

const HOLDERS: [string, Grants][] = [
  ['nobody in particular', {}],
  ...Object.entries(ROLE_GRANTS),
  ...PERMISSIONS.flatMap((permission) =>
    SCOPES.map((scope): [string, Grants] => [`${permission} ${scope}`, { [permission]: scope }]),
  ),
];

describe(`${ROUTES.length} routes and ${HOLDERS.length} kinds of grants`, () => {
  test('cover every contract and every permission that a route asks for', () => {
    expect(ALL.length).toBeGreaterThan(8);
    expect(ROUTES.length).toBeGreaterThan(30);
    for (const { access } of ROUTES.filter((route) => isPermission(route.access)))
      expect(HOLDERS.map(([name]) => name)).toContain(`${access} any`);
  });

  test.each(HOLDERS)(
    '%s: each route lets in whom the grants let in, and nobody else',
    async (_who, grants) => {
      const token = await issuer.token({ roles: [], grants });
      const found = await Promise.all(ROUTES.map((route) => refusal(route, token)));
      const wrong = ROUTES.filter((route, index) => found[index] !== expected(route, grants));
      expect(wrong.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    },
  );

  test('nobody at all: only what is public', async () => {
    for (const route of ROUTES) {
      const { statusCode } = await app.inject({ method: route.method, url: urlOf(route) });
      expect(statusCode === 401, route.path).toBe(route.access !== 'public');
    }
  });
});
