import { creditsContract } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask, goTo, newEmail, PASSWORD, signUp } from './steps.ts';
import { arrived, expectAccessible, hubUrl, type Visit, visitors } from './visit.ts';

const visit = visitors();

const UNAVAILABLE = {
  status: 503,
  contentType: 'application/problem+json',
  headers: { 'x-request-id': 'request-of-this-test' },
  json: { code: 'service-unavailable' },
};

describe('set-up', () => {
  const submit = async ({ page, words }: Visit) => {
    await page.getByLabel(words.account.fields.email).fill(newEmail());
    await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: words.account.setup.submit }).click();
  };

  it('takes the token from the address, hides it there, and says when it is wrong', async () => {
    const person = await visit();
    const { page, words } = person;
    await page.route('**/api/v1/auth/setup', (route) =>
      route.request().method() === 'GET' ? route.fulfill({ json: { open: true } }) : route.continue(),
    );
    await page.goto('/setup#token=a-wrong-token');
    const token = page.getByLabel(words.account.fields.token);
    expect(await token.inputValue()).toBe('a-wrong-token');
    await page.waitForURL(`${hubUrl()}/setup`);
    await expectAccessible(person, 'set-up');
    await submit(person);
    await page.getByText(words.problems.codes['invalid-setup-token']).waitFor();
    await expectAccessible(person, 'set-up with a problem');
    await person.context.close();
  });

  it('leads to sign-in once it is done', async () => {
    const person = await visit();
    const { page, words } = person;
    await page.route('**/api/v1/auth/setup', (route) => route.fulfill({ json: { open: false } }));
    await page.goto('/setup');
    await expectAccessible(person, 'set-up that is done');
    await page.getByRole('link', { name: words.account.setup.doneLink }).click();
    await page.getByRole('heading', { name: words.account.signIn.title }).waitFor();
    await person.context.close();
  });
});

describe('the chat', () => {
  it('can be stopped while it waits, and goes on afterwards', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person, { at: '/chat' });
    // A provider that takes its time: the call is on its way and nothing answers it.
    await page.route('**/v1/chat/completions', () => undefined, { times: 1 });
    const asked = page.waitForRequest('**/v1/chat/completions');
    await page.getByLabel(words.chat.message, { exact: true }).fill('Hello?');
    await page.keyboard.press('Enter');
    await asked;
    await page.getByText(words.chat.waiting).waitFor();
    await page.getByRole('button', { name: words.chat.stop, exact: true }).click();
    await page.getByText(words.chat.stopped, { exact: true }).waitFor();
    await ask(person, 'Are you there?');
    await page.getByText('You said: Are you there?').waitFor();
    await page.getByRole('button', { name: words.chat.list.new }).click();
    await page.getByText(words.chat.empty).waitFor();
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('says why a call was refused', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person, { at: '/chat' });
    const error = {
      message: 'needs 2 credits',
      type: 'invalid_request_error',
      code: 'insufficient-credits',
      param: null,
    };
    await page.route('**/v1/chat/completions', (route) => route.fulfill({ status: 402, json: { error } }));
    await page.getByRole('button', { name: words.chat.ideas.explain }).click();
    await page.getByRole('alert').getByText(words.problems.codes['insufficient-credits']).waitFor();
    await expectAccessible(person, 'a refused call');
    await person.context.close();
  });
});

describe('a list', () => {
  it('loads page after page', async () => {
    const person = await visit();
    const { page, words, context } = person;
    const { accessToken } = await signUp(person);
    const headers = { authorization: `Bearer ${accessToken}` };
    for (let call = 0; call < 20; call += 1) {
      const data = { model: 'hub/echo', messages: [{ role: 'user', content: `call ${call}` }] };
      expect((await context.request.post('/v1/chat/completions', { headers, data })).status()).toBe(200);
    }
    const settled = async () => {
      const response = await context.request.get('/api/v1/credits/transactions?limit=100', { headers });
      return creditsContract.listTransactions.success.schema.parse(await response.json()).items.length;
    };
    await expect.poll(settled, { timeout: 10_000 }).toBe(21);
    await page.reload();
    await arrived(person);
    const more = page.getByRole('button', { name: words.shell.states.more });
    const rows = page.getByRole('table').getByRole('row');
    expect(await rows.count()).toBe(21);
    await more.click();
    await page.getByText(words.overview.reasons.signup).waitFor();
    expect(await rows.count()).toBe(22);
    expect(await more.count()).toBe(0);
    await person.context.close();
  });

  it('that cannot be loaded says so, and is tried again by a button', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person);
    await page.route('**/api/v1/usage/logs*', (route) => route.fulfill(UNAVAILABLE), { times: 3 });
    await goTo(person, 'usage');
    await page.getByText(words.problems.codes['service-unavailable']).waitFor();
    await page.getByText('request-of-this-test').waitFor();
    await expectAccessible(person, 'usage that cannot be loaded');
    await page.getByRole('button', { name: words.shell.states.retry }).click();
    await page.getByText(words.usage.empty).waitFor();
    await person.context.close();
  });
});

it('the address that an error names says what the error is, to anybody', async () => {
  const person = await visit();
  const { page, words } = person;
  const refusal = await page.request.get('/api/v1/credits/balance');
  const { type } = z.object({ type: z.string() }).parse(await refusal.json());
  await page.goto(type);
  await page.getByRole('heading', { name: words.problems.codes.unauthenticated }).waitFor();
  await page.getByText('401 unauthenticated').waitFor();
  await expectAccessible(person, 'a problem');
  await person.context.close();
});

it('an address without a page says so', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto('/no/such/page');
  await page.getByRole('heading', { name: words.shell.notFound.title }).waitFor();
  await expectAccessible(person, 'a missing page');
  await person.context.close();
});

it('a hub that does not answer is not taken for a sign-out', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person);
  await page.route('**/api/v1/auth/refresh', (route) => route.abort(), { times: 1 });
  await page.reload();
  await page.getByText(words.problems.unreachable).waitFor();
  await expectAccessible(person, 'a hub that does not answer');
  await page.getByRole('button', { name: words.shell.states.retry }).click();
  await page.getByTestId('balance').waitFor();
  await person.context.close();
});
