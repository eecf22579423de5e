import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  outsideProvider,
  type OutsideProvider,
} from '../../packages/auth-service/src/oidc/outside-provider.fixture.ts';
import { codeOf } from './authenticators.ts';
import { goTo, newEmail, PASSWORD, signOut, signUp, turnOnTotp } from './steps.ts';
import { expectAccessible, fill, hubUrl, LOOKS, type Visit, visitors, watchBeside } from './visit.ts';

const visit = visitors();

let outside: OutsideProvider;
beforeAll(async () => {
  outside = await outsideProvider({
    host: 'localhost',
    port: inject('outsidePort'),
    redirectUris: [`${hubUrl()}/api/v1/auth/oidc/outside/callback`],
  });
});
afterAll(async () => {
  await outside[Symbol.asyncDispose]();
});

const signInWith = ({ page, words }: Visit) =>
  page.getByRole('link', { name: fill(words.account.signIn.with, { name: 'Outside' }) });

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('somebody new signs in with an account elsewhere, and goes on to where they wanted to be', async () => {
    const person = await visit(look);
    const { page, words } = person;
    outside.is({ subject: randomUUID(), email: newEmail() });
    await page.goto('/usage');
    await signInWith(person).waitFor();
    await expectAccessible(person, 'sign-in with a provider');
    await signInWith(person).click();
    await page.getByRole('heading', { name: words.usage.title }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/usage');
    await page.reload();
    await page.getByText(words.usage.empty).waitFor();

    await goTo(person, 'linkedAccounts');
    await page.getByRole('cell').getByText('Outside', { exact: true }).waitFor();
    await expectAccessible(person, 'linked accounts');
    await page
      .getByRole('button', { name: fill(words.linkedAccounts.unlinkNamed, { name: 'Outside' }) })
      .click();
    await page.getByRole('button', { name: words.linkedAccounts.confirm.unlink }).click();
    await page.getByText(words.problems.codes['last-sign-in']).waitFor();
    await expectAccessible(person, 'an account that cannot be unlinked');
    await page.getByRole('button', { name: words.linkedAccounts.confirm.keep }).click();
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('a person opens a partner session, copies it, and ends it', async () => {
    const person = await visit(look);
    const { page, words } = person;
    await signUp(person, { at: '/partner' });
    await page.getByText(words.partner.empty).waitFor();
    await expectAccessible(person, 'partner sessions without one');
    await page.getByRole('button', { name: words.partner.create }).click();
    const token = await page.getByLabel(words.partner.made.label).innerText();
    expect(token).toMatch(/^VERIFIED-[A-Za-z0-9]{32}$/);
    await expectAccessible(person, 'a new partner session');
    await page.getByRole('button', { name: words.shell.copy.copy, exact: true }).click();
    await page.getByRole('button', { name: words.shell.copy.copied }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await page.getByRole('button', { name: words.partner.made.done }).click();

    const partner = { headers: { authorization: `Bearer ${token}` } };
    const status = async (path: string) => (await page.request.get(path, partner)).status();
    expect(await status('/api/v1/credits/balance')).toBe(200);
    expect(await status('/api/v1/keys')).toBe(403);
    expect(await page.content()).not.toContain(token);
    await expectAccessible(person, 'partner sessions');
    const prefix = token.slice(0, 13);
    await page.getByRole('button', { name: fill(words.partner.endNamed, { prefix }) }).click();
    await page.getByRole('button', { name: words.partner.confirm.end }).click();
    await page.getByText(words.partner.empty).waitFor();
    expect(await status('/api/v1/credits/balance')).toBe(401);
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('an address that nobody verified here is not taken over: its person links the account and then signs in with it', async () => {
  const person = await visit();
  const { page, words } = person;
  const { email } = await signUp(person);
  await signOut(person);
  outside.is({ subject: randomUUID(), email });
  await signInWith(person).click();
  await page.getByRole('alert').getByText(words.problems.codes['sign-in-failed']).waitFor();
  await expectAccessible(person, 'a sign-in that failed');

  await page.getByLabel(words.account.fields.email).fill(email);
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.account.signIn.submit, exact: true }).click();
  await page.getByTestId('balance').waitFor();
  await goTo(person, 'linkedAccounts');
  await page.getByText(words.linkedAccounts.empty).waitFor();
  await expectAccessible(person, 'no linked accounts');
  await page.getByRole('button', { name: fill(words.linkedAccounts.link, { name: 'Outside' }) }).click();
  await page.getByRole('cell').getByText(email).waitFor();

  await signOut(person);
  await signInWith(person).click();
  await page.getByRole('button', { name: words.shell.menu.account }).getByText(email).waitFor();
  await page.getByRole('heading', { name: words.linkedAccounts.title }).waitFor();
  await page
    .getByRole('button', { name: fill(words.linkedAccounts.unlinkNamed, { name: 'Outside' }) })
    .click();
  await page.getByRole('button', { name: words.linkedAccounts.confirm.unlink }).click();
  await page.getByText(words.linkedAccounts.empty).waitFor();
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

it('whoever has an authenticator app is asked for its code after signing in elsewhere, and goes on', async () => {
  const person = await visit();
  const { page, words } = person;
  outside.is({ subject: randomUUID(), email: newEmail() });
  await page.goto('/sign-in');
  await signInWith(person).click();
  await page.getByTestId('balance').waitFor();
  await goTo(person, 'security');
  const { secret } = await turnOnTotp(person);
  await page.getByRole('button', { name: words.security.recovery.done }).click();
  await signOut(person);

  await page.goto('/sign-in?next=/usage');
  await signInWith(person).click();
  await page.getByRole('heading', { name: words.security.second.title }).waitFor();
  await page.waitForURL(`${hubUrl()}/sign-in?next=%2Fusage`); // no challenge to be found in a history
  await page.getByLabel(words.security.second.code, { exact: true }).fill(codeOf(secret, 1));
  await page.keyboard.press('Enter');
  await page.getByText(words.usage.empty).waitFor();
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

it('what else signs people in stands below the form from the start, and moves nothing under a finger', async () => {
  const person = await visit();
  const { page, words } = person;
  const seen = await watchBeside(page, 'a[href^="/api/v1/auth/oidc/"]');
  const { signIn, signUp: made } = words.account;
  await page.goto('/sign-in');
  await page.getByRole('link', { name: signIn.otherLink }).click();
  await page.getByRole('heading', { name: made.title }).waitFor();
  expect(await seen()).toEqual(
    new Map([
      [signIn.title, true],
      [made.title, true],
    ]),
  );
  await signUp(person);
  await signOut(person); // which forgets all that was asked of the hub
  expect((await seen()).get(signIn.title)).toBe(true);
  await person.context.close();
});

it('a link that fails says so where it was begun', async () => {
  const [first, second] = [await visit(), await visit()];
  const words = second.words;
  const theirs = { subject: randomUUID(), email: newEmail() };
  outside.is(theirs);
  await first.page.goto('/sign-in');
  await signInWith(first).click();
  await first.page.getByTestId('balance').waitFor();
  await signUp(second, { at: '/linked-accounts' });
  await second.page
    .getByRole('button', { name: fill(words.linkedAccounts.link, { name: 'Outside' }) })
    .click();
  await second.page.getByRole('alert').getByText(words.problems.codes['sign-in-failed']).waitFor();
  await second.page.getByText(words.linkedAccounts.empty).waitFor();
  await first.context.close();
  await second.context.close();
});

it('open redirect: signing in does not lead to another site', async () => {
  const person = await visit();
  const { page, words } = person;
  const { email } = await signUp(person);
  for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example/']) {
    await signOut(person);
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    const href = await signInWith(person).getAttribute('href');
    expect(href, next).toBe('/api/v1/auth/oidc/outside');
    await page.getByLabel(words.account.fields.email).fill(email);
    await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: words.account.signIn.submit, exact: true }).click();
    await page.getByTestId('balance').waitFor();
    expect(page.url(), next).toBe(`${hubUrl()}/`);
  }
  await person.context.close();
});

it('what the hub says in the address is shown in words, and nothing else that stands there', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto('/sign-in?problem=egress-failed');
  await page.getByRole('alert').getByText(words.problems.codes['egress-failed']).waitFor();
  await page.goto('/sign-in?problem=Call%20this%20number');
  await signInWith(person).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await person.context.close();
});
