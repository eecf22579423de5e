import { randomUUID } from 'node:crypto';
import { authContract, session } from '@smart-ai-hub/shared/contracts';
import type { APIRequestContext, Locator, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import type { Words } from '../../packages/frontend/src/i18n/words.ts';
import { codeOf } from './authenticators.ts';
import { arrived, fill, hubUrl, type Visit } from './visit.ts';

export const PASSWORD = 'quiet river under seven lamps';

export const newEmail = () => `visitor-${randomUUID()}@example.com`;

/** Somebody who has signed up. */
export interface Registered {
  email: string;
  userId: string;
  accessToken: string;
}

const newAccount = (locale: string) => ({ email: newEmail(), password: PASSWORD, locale });

/** Somebody new who opens no page: for what others do with their account. */
export async function register(): Promise<Registered> {
  const { email, ...account } = newAccount('en');
  const answer = await fetch(hubUrl() + authContract.register.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...account, email, delivery: 'body' }),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(201);
  const { accessToken, user } = session.parse(JSON.parse(text));
  return { email, accessToken, userId: user.id };
}

/** Permissions that a role of somebody's own gives them beyond what everybody may. */
type Grants = Record<string, 'any'>;

interface SignedUp {
  /** Where they are then, if not on the overview. */
  at?: string;
  grants?: Grants;
}

/** Somebody new who is signed in; how people sign up is what other tests are about. */
export async function signUp(person: Visit, { at = '/', grants }: SignedUp = {}): Promise<Registered> {
  const { page, context, look } = person;
  const account = newAccount(look.language);
  const data = { ...account, delivery: 'cookie' };
  const answer = await context.request.post(authContract.register.path, { data });
  expect(answer.status(), await answer.text()).toBe(201);
  const { accessToken, user } = session.parse(await answer.json());
  if (grants) await grant(context.request, user.id, grants);
  await page.goto(at);
  await arrived(person);
  return { email: account.email, accessToken, userId: user.id };
}

/** Signs up on the page, and ends on the overview. */
export async function signUpOnPage(person: Visit): Promise<void> {
  const { page, words } = person;
  await page.goto('/sign-up');
  await page.getByLabel(words.account.fields.email).fill(newEmail());
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.account.signUp.submit }).click();
  await page.getByTestId('balance').waitFor();
  await arrived(person);
}

/** The administrator at an address, signed in beside the page. */
export async function administratorAt(administrator: Visit, address: string): Promise<Visit> {
  const { page, context } = administrator;
  const data = { ...inject('administrator'), delivery: 'cookie' };
  const answer = await context.request.post(authContract.login.path, { data });
  expect(answer.status(), await answer.text()).toBe(200);
  await page.goto(address);
  await arrived(administrator);
  return administrator;
}

export const press = (within: Page | Locator, name: string) =>
  within.getByRole('button', { name, exact: true }).click();
export const field = (within: Page | Locator, label: string) => within.getByLabel(label, { exact: true });
export const rowOf = ({ page }: Visit, text: string) => page.getByRole('row').filter({ hasText: text });

/** Waits until the page says it, with these values in it. */
export const said = ({ page }: Visit, words: string, values: Record<string, string> = {}) =>
  page.getByRole('status').getByText(fill(words, values)).waitFor();

/** Waits until this has the focus. */
export const focused = ({ page }: Visit, target: Locator) => target.and(page.locator(':focus')).waitFor();

type Place = keyof Words['shell']['nav'] & keyof Words;

/** Follows the navigation, which is behind a button on narrow screens. */
export async function goTo(person: Visit, place: Place): Promise<void> {
  const { page, words, look } = person;
  if (look.width < 768) await page.getByRole('button', { name: words.shell.nav.open }).click();
  await page.getByRole('navigation').getByRole('link', { name: words.shell.nav[place], exact: true }).click();
  await page.getByRole('heading', { level: 1, name: words[place].title }).waitFor({ state: 'attached' });
  await arrived(person);
}

export async function openAccountMenu({ page, words, look }: Visit): Promise<void> {
  if (look.width < 768) await page.getByRole('button', { name: words.shell.nav.open }).click();
  await page.getByRole('button', { name: words.shell.menu.account }).click();
}

export async function signOut(visit: Visit): Promise<void> {
  const { page, words } = visit;
  await openAccountMenu(visit);
  await page.getByRole('menuitem', { name: words.shell.menu.signOut }).click();
  await page.getByRole('button', { name: words.account.signIn.submit, exact: true }).waitFor();
}

/** Makes a key and answers it, with the dialog that shows it still open. */
export async function createKey({ page, words }: Visit, name: string): Promise<string> {
  await page.getByRole('button', { name: words.keys.create }).click();
  await page.getByLabel(words.keys.form.name).fill(name);
  await page.getByRole('button', { name: words.keys.form.submit }).click();
  return page.getByLabel(words.keys.made.label).innerText();
}

/** Asks hub/echo, and answers the receipt once the call is charged. */
export async function ask({ page, words }: Visit, question: string): Promise<string> {
  await page.getByRole('combobox', { name: words.chat.model }).selectOption('hub/echo');
  await page.getByLabel(words.chat.message, { exact: true }).fill(question);
  await page.getByRole('button', { name: words.chat.send, exact: true }).click();
  const turn = page.getByRole('article').filter({ hasText: question });
  const receipt = turn.getByRole('group', { name: words.chat.receipt.label });
  await receipt.and(page.locator('[data-charge=charged]')).waitFor();
  return receipt.innerText();
}

/** Sets up the authenticator app; answers its secret and the recovery codes, whose dialog is still open. */
export async function turnOnTotp({ page, words }: Visit): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: words.security.totp.turnOn }).click();
  const secret = await page.getByLabel(words.security.totp.key, { exact: true }).innerText();
  await page.getByLabel(words.security.totp.code, { exact: true }).fill(codeOf(secret));
  await page.getByRole('button', { name: words.security.totp.confirm }).click();
  const list = page.getByRole('list', { name: words.security.recovery.label });
  await list.waitFor();
  return { secret, codes: await list.getByRole('listitem').allInnerTexts() };
}

/** Makes a passkey on the security page, with whatever authenticator the browser has. */
export async function addPasskey({ page, words }: Visit, name: string): Promise<void> {
  await page.getByRole('button', { name: words.security.passkeys.add }).click();
  await page.getByLabel(words.security.passkeys.name, { exact: true }).fill(name);
  await page.getByRole('button', { name: words.security.passkeys.create }).click();
  await page.getByText(name, { exact: true }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** The pattern of words with numbers in their slots. */
export function withNumbers(words: string): RegExp {
  const numbered = fill(words.replace(/[.*+?^$()|[\]\\]/g, '\\$&'), {
    amount: '0\\.\\d{2,6}',
    tokensIn: '[1-9]\\d*',
    tokensOut: '[1-9]\\d*',
  });
  return new RegExp(numbered);
}

/** For calls of the API as the administrator, beside a page. */
export async function asAdministrator(request: APIRequestContext): Promise<{ authorization: string }> {
  const data = { ...inject('administrator'), delivery: 'body' };
  const { accessToken } = session.parse(await (await request.post(authContract.login.path, { data })).json());
  return { authorization: `Bearer ${accessToken}` };
}

async function grant(request: APIRequestContext, userId: string, grants: Grants): Promise<void> {
  const headers = await asAdministrator(request);
  const name = `some-${randomUUID().slice(0, 8)}`;
  const role = { name, level: 45, description: '', grants };
  expect((await request.post('/api/v1/roles', { headers, data: role })).status()).toBe(201);
  const given = await request.put(`/api/v1/roles/${name}/members/${userId}`, { headers });
  expect(given.status()).toBe(204);
}

/** Gives whoever looks at a page a role of their own, and has the page know. */
export async function allow(person: Visit, userId: string, grants: Grants): Promise<void> {
  await grant(person.context.request, userId, grants);
  await person.page.reload();
  await arrived(person);
}
