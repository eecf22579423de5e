import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { accountContract } from './account.ts';
import { authContract } from './auth.ts';
import { completionsContract } from './completions.ts';
import { creditsContract } from './credits.ts';
import { internalContract } from './internal.ts';
import { keysContract } from './keys.ts';
import { oidcContract } from './oidc.ts';
import { partnerSessionsContract } from './partner-sessions.ts';
import { oauthContract } from './oauth.ts';
import { pricesContract } from './prices.ts';
import { type Access, problemsOf, type Route } from './route.ts';
import { usageContract } from './usage.ts';

const route = (access: Access, rest: Partial<Route> = {}): Route => ({
  method: 'POST',
  path: '/things',
  summary: 'A thing',
  access,
  success: { status: 200, schema: z.object({}) },
  problems: [],
  ...rest,
});

describe('problemsOf', () => {
  const common = ['invalid-request', 'internal-error', 'service-unavailable'];
  const guarded = ['unauthenticated', 'forbidden', 'rate-limited'];
  const bodied = ['malformed-json', 'unsupported-media-type', 'body-too-large'];

  test.each<[string, Route, string[]]>([
    ['an open route', route('public'), common],
    ['a guarded route', route('signed-in'), [...common, ...guarded]],
    ['a service route', route('service'), [...common, ...guarded]],
    ['a route with a permission', route('keys:read'), [...common, ...guarded]],
    ['a route with a body', route('public', { body: z.object({}) }), [...common, ...bodied]],
    ['a route with its own', route('public', { problems: ['email-taken'] }), [...common, 'email-taken']],
    ['what it names twice', route('public', { problems: ['internal-error'] }), common],
  ])('of %s', (_, given, expected) => {
    expect(problemsOf(given)).toEqual(expected);
  });
});

const contracts = {
  accountContract,
  authContract,
  completionsContract,
  creditsContract,
  internalContract,
  keysContract,
  oidcContract,
  partnerSessionsContract,
  oauthContract,
  pricesContract,
  usageContract,
};

describe.each(Object.entries(contracts))('%s', (_, contract) => {
  test.each(Object.entries<Route>(contract))(
    '%s names each part of its path, and no other',
    (_name, { path, params }) => {
      const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(Object.keys(params?.shape ?? {})).toEqual(named);
    },
  );

  test.each(Object.entries<Route>(contract))('%s gives a body to no GET', (_name, { method, body }) => {
    expect(method === 'GET' && body !== undefined).toBe(false);
  });
});

test('no two routes have the same method and path', () => {
  const addresses = Object.values(contracts).flatMap((contract) =>
    Object.values<Route>(contract).map(({ method, path }) => `${method} ${path}`),
  );
  expect(new Set(addresses).size).toBe(addresses.length);
});
