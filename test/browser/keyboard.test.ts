import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { th } from '../../packages/frontend/src/i18n/th/index.ts';
import { createKey, goTo, PASSWORD, signOut, signUp } from './steps.ts';
import { openBrowser, visit } from './visit.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** Presses Tab until the target has the focus; fails where it cannot be reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 25; presses += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${target.toString()}`);
}

it('signing in needs no mouse', async () => {
  const person = await visit(browser);
  const { page, words } = person;
  const { email } = await signUp(person);
  await signOut(person);
  await page.reload();
  await tabTo(page, page.getByLabel(words.account.fields.email));
  await page.keyboard.type(email);
  await tabTo(page, page.getByLabel(words.account.fields.password, { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByTestId('balance').waitFor();
  await person.context.close();
});

it('a dialog keeps the focus, closes on Escape, and gives the focus back', async () => {
  const person = await visit(browser);
  const { page, words } = person;
  await signUp(person);
  await goTo(person, 'keys');
  const opener = page.getByRole('button', { name: words.keys.create });
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: words.keys.form.title });
  expect(await hasFocus(dialog.getByLabel(words.keys.form.name))).toBe(true);
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(() => {
      const focused = document.activeElement;
      return focused !== document.body && focused?.closest('dialog[open]') === null;
    });
    expect(outside).toBe(false);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await hasFocus(opener)).toBe(true);
  await person.context.close();
});

it('a key is made and revoked with the keyboard alone', async () => {
  const person = await visit(browser);
  const { page, words } = person;
  await signUp(person);
  await goTo(person, 'keys');
  await createKey(person, 'robot');
  await tabTo(page, page.getByRole('button', { name: words.keys.made.done }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: words.keys.revokeNamed.replace('{{name}}', 'robot') }));
  await page.keyboard.press('Enter');
  const keep = page.getByRole('button', { name: words.keys.confirm.keep });
  await keep.waitFor();
  expect(await hasFocus(keep)).toBe(true);
  await tabTo(page, page.getByRole('button', { name: words.keys.confirm.revoke }));
  await page.keyboard.press('Enter');
  await page.getByText(words.keys.empty).waitFor();
  await person.context.close();
});

/** Opens the menu of this button, which has the focus or gets it back, goes to an item by one key, and takes it. */
async function choose(page: Page, button: string, { key, item }: { key: string; item: string }) {
  await expect.poll(() => hasFocus(page.getByRole('button', { name: button }))).toBe(true);
  await page.keyboard.press('Enter');
  await expect.poll(() => hasFocus(page.getByRole('menuitemradio').first())).toBe(true);
  await page.keyboard.press(key);
  await expect.poll(() => hasFocus(page.getByRole('menuitemradio', { name: item }))).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

it('language and appearance are chosen by arrow keys, and remembered', async () => {
  const person = await visit(browser);
  const { page, words } = person;
  await page.goto('/sign-in');
  await tabTo(page, page.getByRole('button', { name: words.shell.menu.preferences }));
  await choose(page, words.shell.menu.preferences, { key: 'ArrowDown', item: 'ไทย' });
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('th');
  await choose(page, th.shell.menu.preferences, { key: 'End', item: th.shell.menu.dark });
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('th');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await person.context.close();
});
