import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { goTo, newEmail, PASSWORD, signUp } from './steps.ts';
import { expectAccessible, fill, hubUrl, LOOKS, visitors } from './visit.ts';

const visit = visitors();

/** A program on the person's computer, and how its callback was opened. */
let program: Server;
let callback: string;
const arrived: URL[] = [];
beforeAll(async () => {
  program = createServer(({ url = '/' }, response) => {
    const asked = new URL(url, callback);
    if (asked.pathname === '/callback') arrived.push(asked);
    response.end('welcome back');
  }).listen(0, '127.0.0.1');
  await once(program, 'listening');
  const address = program.address();
  callback = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/callback`;
});
afterAll(() => void program.close());

/** Registered without a port, as programs do that get one from the system. */
const REDIRECT_URI = 'http://127.0.0.1/callback';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const post = async (path: string, init: RequestInit): Promise<Record<string, unknown>> => {
  const answer = await fetch(hubUrl() + path, { method: 'POST', ...init });
  return z.record(z.string(), z.unknown()).parse(await answer.json());
};

/** A program that has introduced itself. */
async function register(name: string, more: object = { redirect_uris: [REDIRECT_URI] }): Promise<string> {
  const { client_id: id } = await post('/oauth/register', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: name, ...more }),
  });
  return String(id);
}

/** Where it sends the browser. */
function authorization(clientId: string, more: Record<string, string> = {}): string {
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const parameters = new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'a-state',
    resource: `${hubUrl()}/v1`,
    ...more,
  });
  return `/oauth/auth?${parameters.toString()}`;
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a person reads what a program asks for, agrees, and takes it back later', async () => {
    const person = await visit(look);
    const { page, words } = person;
    const { email } = await signUp(person);
    const name = 'Ledger for teams';
    await page.goto(authorization(await register(name), { scope: 'openid services:use offline_access' }));
    await page.getByRole('heading', { name }).waitFor();
    await page.getByText(words.consent.unverified).waitFor();
    await page.getByText(words.consent.scopes['services:use']).waitFor();
    await page.getByText(words.consent.destination.computer).waitFor();
    await page.getByRole('main').getByText(email).waitFor();
    await expectAccessible(person, 'consent');
    await page.getByRole('button', { name: words.consent.approve }).click();
    await page.waitForURL(`${callback}?**`);
    expect(Object.fromEntries(arrived.at(-1)?.searchParams ?? [])).toEqual({
      code: expect.any(String),
      state: 'a-state',
      iss: hubUrl(),
    });

    await page.goto('/');
    await goTo(person, 'grants');
    await expectAccessible(person, 'connected apps');
    await page.getByRole('button', { name: fill(words.grants.revokeNamed, { name }) }).click();
    await expectAccessible(person, 'the question whether to take it back');
    await page.getByRole('dialog').getByRole('button', { name: words.grants.confirm.revoke }).click();
    await page.getByText(fill(words.grants.revoked, { name })).waitFor();
    await page.getByText(words.grants.empty).waitFor();
    await expectAccessible(person, 'nothing connected');
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('a person types the code of a terminal', async () => {
    const person = await visit(look);
    const { page, words } = person;
    await signUp(person);
    const clientId = await register('Terminal', { grant_types: [DEVICE] });
    const begin = () => post('/oauth/device/auth', { body: new URLSearchParams({ client_id: clientId }) });
    const { user_code: code, verification_uri: address } = await begin();
    await page.goto(String(address));
    await page.getByRole('heading', { level: 1, name: words.consent.device.title }).waitFor();
    await expectAccessible(person, 'the code of a device');
    const field = page.getByLabel(words.consent.device.code, { exact: true });
    await field.fill('BCDF-GHJK');
    await page.getByRole('button', { name: words.consent.device.submit }).click();
    await page.getByText(words.problems.codes['invalid-code']).waitFor();
    await field.fill(String(code).toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Terminal' }).waitFor();
    await page.getByText(words.consent.device.warning).waitFor();
    await expectAccessible(person, 'consent for a device');
    await page.getByRole('button', { name: words.consent.approve }).click();
    await page.getByText(words.consent.device.doneText).waitFor();
    await expectAccessible(person, 'a device that is connected');

    const next = await begin();
    await page.goto('about:blank');
    await page.goto(String(next['verification_uri_complete']));
    await page.getByRole('button', { name: words.consent.device.submit }).click();
    await page.waitForURL(`${hubUrl()}/device`);
    await page.getByRole('button', { name: words.consent.decline }).click();
    await page.getByText(words.consent.device.declinedText).waitFor();
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('who is not signed in signs in first, and is asked then', async () => {
  const person = await visit();
  const { page, words } = person;
  const email = newEmail();
  await person.context.request.post('/api/v1/auth/register', {
    data: { email, password: PASSWORD, delivery: 'body' },
  });
  await page.goto(authorization(await register('Early bird'), { scope: 'services:use' }));
  await page.getByLabel(words.account.fields.email).fill(email);
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Early bird' }).waitFor();
  await page.getByRole('button', { name: words.consent.decline }).click();
  await page.waitForURL(`${callback}?**`);
  expect(arrived.at(-1)?.searchParams.get('error')).toBe('access_denied');
  await person.context.close();
});

it('a request that cannot be answered ends on a page that says so, in our words alone', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto(
    authorization(await register('Stranger'), { redirect_uri: 'https://evil.example/', state: 'Call us!' }),
  );
  await page.getByRole('heading', { name: words.consent.problem.title }).waitFor();
  await page.getByText('invalid_redirect_uri', { exact: true }).waitFor();
  await expectAccessible(person, 'a request that cannot be answered');
  await page.goto('about:blank');
  await page.goto('/consent/problem#Call%20us!');
  await page.getByText('invalid_request', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('Call us');
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

it('a link to somebody else’s request leads nowhere', async () => {
  const [mine, other] = [await visit(), await visit()];
  await signUp(mine);
  await signUp(other);
  await other.page.goto(authorization(await register('Trap'), { scope: 'services:use' }));
  await other.page.getByRole('heading', { name: 'Trap' }).waitFor();
  await mine.page.goto(other.page.url());
  await mine.page.getByText(mine.words.problems.codes['not-found']).waitFor();
  expect(await mine.page.getByRole('button', { name: mine.words.consent.approve }).count()).toBe(0);
  await Promise.all([mine.context.close(), other.context.close()]);
});
