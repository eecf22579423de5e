import { randomUUID } from 'node:crypto';
import { authContract, session } from '@smart-ai-hub/shared/contracts';
import type { APIRequestContext } from 'playwright-core';
import { expect, inject } from 'vitest';
import type { Words } from '../../packages/frontend/src/i18n/words.ts';
import { codeOf } from './authenticators.ts';
import { fill, type Visit } from './visit.ts';

export const PASSWORD = 'quiet river under seven lamps';

export const newEmail = () => `visitor-${randomUUID()}@example.com`;

/** Somebody new who is signed in and on the overview; how people sign up is what other tests are about. */
export async function signUp({
  page,
  context,
  look,
}: Visit): Promise<{ email: string; accessToken: string }> {
  const email = newEmail();
  const account = { email, password: PASSWORD, locale: look.language, delivery: 'cookie' };
  const answer = await context.request.post('/api/v1/auth/register', { data: account });
  const { accessToken } = session.parse(await answer.json());
  await page.goto('/');
  await page.getByTestId('balance').waitFor();
  return { email, accessToken };
}

/** Signs up on the page, and ends on the overview. */
export async function signUpOnPage({ page, words }: Visit): Promise<{ email: string; accessToken: string }> {
  const email = newEmail();
  await page.goto('/sign-up');
  await page.getByLabel(words.account.fields.email).fill(email);
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
  const answered = page.waitForResponse((response) => response.url().endsWith('/register'));
  await page.getByRole('button', { name: words.account.signUp.submit }).click();
  const { accessToken } = session.parse(await (await answered).json());
  await page.getByTestId('balance').waitFor();
  return { email, accessToken };
}

/** Signs in on the page, and ends on the overview. */
export async function signIn(
  { page, words }: Visit,
  who: { email: string; password: string },
): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel(words.account.fields.email).fill(who.email);
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(who.password);
  await page.getByRole('button', { name: words.account.signIn.submit }).click();
  await page.getByTestId('balance').waitFor();
}

/** The administrator at an address, signed in beside the page. */
export async function administratorAt(administrator: Visit, address: string): Promise<Visit> {
  const { page, context } = administrator;
  const data = { ...inject('administrator'), delivery: 'cookie' };
  const answer = await context.request.post(authContract.login.path, { data });
  expect(answer.status()).toBe(200);
  await page.goto(address);
  await page.locator('h1').first().waitFor();
  return administrator;
}

type Place = keyof Words['shell']['nav'] & keyof Words;

/** Follows the navigation, which is behind a button on narrow screens. */
export async function goTo({ page, words, look }: Visit, place: Place): Promise<void> {
  if (look.width < 768) await page.getByRole('button', { name: words.shell.nav.open }).click();
  await page.getByRole('navigation').getByRole('link', { name: words.shell.nav[place], exact: true }).click();
  await page.getByRole('heading', { level: 1, name: words[place].title }).waitFor({ state: 'attached' });
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
  const receipt = page.getByRole('group', { name: words.chat.receipt.label }).last();
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

export async function userIdOf({ context: { request } }: Visit, accessToken: string): Promise<string> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const me = await request.get(authContract.me.path, { headers });
  return authContract.me.success.schema.parse(await me.json()).id;
}

/** Gives somebody a role that may do this alone, beyond what everybody may. */
export async function allow(
  { context: { request }, page }: Visit,
  userId: string,
  grants: Record<string, 'any'>,
) {
  const headers = await asAdministrator(request);
  const name = `some-${randomUUID().slice(0, 8)}`;
  const role = { name, level: 45, description: '', grants };
  expect((await request.post('/api/v1/roles', { headers, data: role })).status()).toBe(201);
  const given = await request.put(`/api/v1/roles/${name}/members/${userId}`, { headers });
  expect(given.status()).toBe(204);
  await page.reload();
}
