import { expect, test } from 'vitest';
import { exampleFile } from '../config/annotate.ts';
import { environmentOf, readConfig } from '../config/read.ts';
import { Failure } from '../failure.ts';
import { Secret } from '../secrets/secret.ts';
import { accountsOf } from './accounts.ts';

const { engines } = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
const PASSWORD = 'canary-0123456789';

const given = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]));

const RIGHT = {
  'migrator-database-url': `postgres://hub_migrator:${PASSWORD}@127.0.0.1:5432/hub?sslmode=verify-full`,
  'auth-database-url': `postgres://hub_auth:${PASSWORD}@db/hub`,
  'core-database-url': `postgres://hub_core:${PASSWORD}@[::1]/hub`,
  'redis-url': `redis://hub:${PASSWORD}@127.0.0.1:6379`,
};

const refusal = (texts: Record<string, string>) => {
  try {
    accountsOf(engines, given(texts));
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('it was not refused');
};

test('the address that a service gets says who it is at its engine', () => {
  const { postgres, redis } = accountsOf(engines, given(RIGHT));
  expect([...postgres.keys()]).toEqual(['hub_migrator', 'hub_auth', 'hub_core']);
  expect([...redis].map(([user, password]) => `${user} ${password.reveal()}`)).toEqual([`hub ${PASSWORD}`]);
});

test('engines that are not there need no secrets', () => {
  const off = { ...engines, postgres: false, redis: false };
  expect([...accountsOf(off, new Map()).postgres]).toEqual([]);
});

test.each([
  ['another user', 'postgres://postgres:canary-0123456789@127.0.0.1/hub'],
  ['another database', 'postgres://hub_auth:canary-0123456789@127.0.0.1/postgres'],
  ['another protocol', 'redis://hub_auth:canary-0123456789@127.0.0.1/hub'],
  ['no password', 'postgres://hub_auth@127.0.0.1/hub'],
  ['a weak password', 'postgres://hub_auth:canary@127.0.0.1/hub'],
  [
    'a password that one side would read otherwise',
    'postgres://hub_auth:canary%20%200123456789@127.0.0.1/hub',
  ],
  ['what is no address', 'canary-0123456789'],
])('%s is refused by the name of the secret, and not shown', (_, text) => {
  const { details } = refusal({ ...RIGHT, 'auth-database-url': text });
  expect(details).toEqual([
    'auth-database-url: must be like postgres://hub_auth:PASSWORD@127.0.0.1/hub, with 16 letters, digits, - or _ or more',
  ]);
});

test('all that are missing are named at once', () => {
  expect(refusal({}).details).toEqual(Object.keys(RIGHT).map((name) => `${name}: is missing`));
});
