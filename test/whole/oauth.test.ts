import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Browser, interactionPath, PUBLIC_URL } from './oauth-browser.ts';
import { oauthErrorOf, REDIRECT_URI, StandardClient } from './oauth-client.ts';
import { type Person, signUp } from './person.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let hub: TestPlatform;
let person: Person;
beforeAll(async () => {
  hub = await startPlatform(inject('postgres'), { ...NO_LIMITS, PUBLIC_URL });
  person = await signUp(hub.url);
});
afterAll(() => hub[Symbol.asyncDispose]());

test('a client of the standards finds the hub, asks a person, and uses what it was lent', async () => {
  const client = await StandardClient.introduce(hub.url);
  const request = await client.request({ scope: 'openid email services:use', nonce: 'n-0S6_WzA2Mj' });
  const browser = new Browser(hub.url);
  const path = interactionPath(await browser.open(request.address));
  expect((await browser.ask('GET', path, person)).body).toEqual({
    client: { name: 'A tool of the tests', publisher: null },
    destination: { kind: 'website', name: 'client.example' },
    resources: ['/v1'],
    scopes: ['openid', 'email', 'services:use'],
  });

  const answer = await browser.consent(request.address, person);
  expect(answer.href.startsWith(`${REDIRECT_URI}?`)).toBe(true);
  expect(answer.searchParams.get('iss')).toBe(PUBLIC_URL);
  const tokens = await client.redeem(answer, request, {
    expectedNonce: 'n-0S6_WzA2Mj',
    requireIdToken: true,
  });
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({
    sub: person.id,
    email: person.email,
    email_verified: false,
  });
  expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'services:use' });

  const models = await client.call(tokens.access_token, '/v1/models');
  expect(await models.json()).toMatchObject({ object: 'list' });
});
