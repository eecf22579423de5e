import { expect, test } from 'vitest';
import * as contracts from './index.ts';
import type { Contract, Permission, Route } from './index.ts';

/** What changes the rights or the money of others. */
const ADMINISTRATION: readonly Permission[] = [
  ...(['users:create', 'users:update', 'users:delete', 'roles:manage', 'roles:assign'] as const),
  ...([
    'credits:adjust',
    'promos:manage',
    'services:configure',
    'tools:configure',
    'settings:update',
  ] as const),
];

const isContract = (name: string): boolean => name.endsWith('Contract');
const routes: [string, Route][] = Object.entries(contracts)
  .filter(([name]) => isContract(name))
  .flatMap(([, contract]) => Object.entries(contract as Contract)); // every export of that name is one

test('whatever an administrator changes takes a recent proof of who they are', () => {
  const open = routes.filter(
    ([, { access, method, stepUp }]) =>
      method !== 'GET' && (ADMINISTRATION as readonly string[]).includes(access) && !stepUp,
  );
  expect(open.map(([name]) => name)).toEqual([]);
});

test('so does whatever lasts longer than the session that makes it, and what takes the account away', () => {
  const asked = routes.filter(([, { stepUp }]) => stepUp).map(([name]) => name);
  expect(asked).toEqual(
    expect.arrayContaining([
      ...['createKey', 'updateKey', 'rotateKey', 'createPartnerSession', 'passkeyOptions', 'startLink'],
      ...['startTotp', 'endTotp', 'renewRecoveryCodes', 'removePasskey', 'unlink', 'changeEmail', 'deleteMe'],
    ]),
  );
});
