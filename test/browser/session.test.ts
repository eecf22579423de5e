import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { goTo, newEmail, PASSWORD, signOut, signUp } from './steps.ts';
import { visitors } from './visit.ts';

const visit = visitors();

const REFRESH = '/api/v1/auth/refresh';

/** How many of this page's calls for a new session the hub granted and refused, from now on. */
function watchRefreshes(page: Page) {
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith(REFRESH)) statuses.push(response.status());
  });
  return statuses;
}

describe('a session', () => {
  it('survives a reload, and leaves nothing that a script could steal', async () => {
    const person = await visit();
    const { page, words } = person;
    const { email, accessToken } = await signUp(person);
    await page.reload();
    await page.getByTestId('balance').waitFor();
    await page.getByRole('button', { name: words.shell.menu.account }).getByText(email).waitFor();
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    expect(stored).not.toContain(accessToken);
    expect(stored).not.toContain('eyJ');
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await person.context.close();
  });

  it('is renewed silently when the access token has expired', async () => {
    const person = await visit();
    const { page } = person;
    await page.clock.install();
    await signUp(person);
    const refreshes = watchRefreshes(page);
    await page.clock.fastForward('16:00');
    await goTo(person, 'keys');
    await page.getByText(person.words.keys.empty).waitFor();
    expect(refreshes).toEqual([200]);
    await person.context.close();
  });

  it('is renewed once when the hub refuses a token, and the calls are repeated', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person);
    const refreshes = watchRefreshes(page);
    const refused = {
      status: 401,
      contentType: 'application/problem+json',
      json: { code: 'unauthenticated' },
    };
    await page.route('**/v1/models', (route) => route.fulfill(refused), { times: 1 });
    await page.route('**/api/v1/prices', (route) => route.fulfill(refused), { times: 1 });
    await goTo(person, 'models');
    await page.getByRole('link', { name: words.models.tryNamed.replace('{{model}}', 'hub/echo') }).waitFor();
    expect(refreshes).toEqual([200]);
    await person.context.close();
  });

  it('is shared by tabs that load at the same moment, and ends in all of them', async () => {
    const person = await visit();
    await signUp(person);
    const others = await Promise.all([person.context.newPage(), person.context.newPage()]);
    const refreshes = others.map(watchRefreshes);
    await Promise.all([person.page.reload(), ...others.map((tab) => tab.goto('/'))]);
    for (const tab of [person.page, ...others]) await tab.getByTestId('balance').waitFor();
    expect(refreshes).toEqual([[200], [200]]);
    await signOut(person);
    for (const tab of others) {
      await tab.getByRole('button', { name: person.words.account.signIn.submit }).waitFor();
    }
    await person.context.close();
  });
});

describe('signing in', () => {
  it('goes on to where the person wanted to be', async () => {
    const person = await visit();
    const { page, words } = person;
    const { email } = await signUp(person);
    await signOut(person);
    await page.goto('/usage');
    await page.getByLabel(words.account.fields.email).fill(email);
    await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: words.account.signIn.submit }).click();
    await page.getByRole('heading', { name: words.usage.title }).waitFor();
    await person.context.close();
  });

  it('says what is wrong, with the request id', async () => {
    const person = await visit();
    const { page, words } = person;
    await page.goto('/sign-in');
    await page.getByRole('button', { name: words.account.signIn.submit }).click();
    await page.getByText(words.forms.errors.email).waitFor();
    await page.getByText(words.forms.errors.required).waitFor();
    await page.getByLabel(words.account.fields.email).fill(newEmail());
    await page.getByLabel(words.account.fields.password, { exact: true }).fill('not the password');
    await page.getByRole('button', { name: words.account.signIn.submit }).click();
    const alert = page.getByRole('alert');
    await alert.getByText(words.problems.codes['invalid-credentials']).waitFor();
    expect(await alert.locator('code').innerText()).toMatch(/^[\w-]{8,64}$/);
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});
