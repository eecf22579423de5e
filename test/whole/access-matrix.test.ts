import { openDatabase } from '@smart-ai-hub/database';
import * as contracts from '@smart-ai-hub/shared/contracts';
import {
  type Contract,
  type Grants,
  isPermission,
  PERMISSIONS,
  ROLE_GRANTS,
  type Route,
  scopeOf,
  scopesOf,
} from '@smart-ai-hub/shared/contracts';
import { expect, inject, test } from 'vitest';
import { codeOf, refusalOf } from './answers.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform } from './platform.ts';

/** Routes that ask for a permission, of every contract that is exported: a new one is in this test at once. */
const ROUTES = Object.entries(contracts)
  .filter(([name]) => name.endsWith('Contract'))
  .flatMap(([, contract]) => Object.values(contract as unknown as Contract))
  .filter(({ access }) => isPermission(access));

/** Fits every parameter of an address, and is nobody and nothing. */
const NOTHING = 'abababab-abab-4bab-8bab-abababababab';

const HOLDINGS: [string, Grants][] = [
  ['nothing', {}],
  ...Object.entries(ROLE_GRANTS),
  ...PERMISSIONS.flatMap((permission) =>
    scopesOf(permission).map((scope): [string, Grants] => [
      `${permission} ${scope}`,
      { [permission]: scope },
    ]),
  ),
];

/** The code by which the platform refuses a request without a body, if it does. */
async function refusal(url: string, { method, path }: Route, person: Person): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${person.accessToken}` };
  const answer = await fetch(url + path.replace(/:\w+/g, NOTHING), { method, headers });
  if (!answer.ok) return codeOf(await refusalOf(answer));
  await answer.arrayBuffer();
  return undefined;
}

test('every permission × scope × route: the running platform lets in whom the role lets in, from the next request on', async () => {
  await using platform = await startPlatform(inject('postgres'), NO_LIMITS);
  const { url } = platform;
  const [top, person] = [await signUp(url), await signUp(url)];
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  await owner.pool.query(`INSERT INTO core.roles (name, level) VALUES ('probe', 10)`);
  await owner.pool.query('DELETE FROM core.user_roles');
  await owner.pool.query(
    `INSERT INTO core.user_roles (user_id, role_id) SELECT v.id::uuid, r.id
     FROM (VALUES ($1, 'superadmin'), ($2, 'probe')) AS v(id, role) JOIN core.roles r ON r.name = v.role`,
    [top.id, person.id],
  );
  await owner.close();

  const wrong: string[] = [];
  for (const [name, grants] of HOLDINGS) {
    const edited = await fetch(`${url}/api/v1/roles/probe`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${top.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ grants }),
    });
    expect(edited.status, name).toBe(200);
    const codes = await Promise.all(ROUTES.map((route) => refusal(url, route, person)));
    for (const [index, { access, method, path }] of ROUTES.entries()) {
      const scope = isPermission(access) ? scopeOf(grants, access) : undefined;
      const isForbidden = codes[index] === 'forbidden';
      // what is one's own or one's team's, the tests of each noun say
      const isRight = scope === undefined ? isForbidden : scope !== 'any' || !isForbidden;
      if (!isRight) wrong.push(`${name}: ${method} ${path}: ${String(codes[index])}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(platform.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
});
