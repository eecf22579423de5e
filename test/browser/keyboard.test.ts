import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { th } from '../../packages/frontend/src/i18n/th/index.ts';
import { createKey, focused, PASSWORD, signOut, signUp } from './steps.ts';
import { visitors, type Visit } from './visit.ts';

const visit = visitors();

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
  const person = await visit();
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
  const person = await visit();
  const { page, words } = person;
  await signUp(person, { at: '/keys' });
  const opener = page.getByRole('button', { name: words.keys.create });
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: words.keys.form.title });
  await focused(person, dialog.getByLabel(words.keys.form.name));
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
  await focused(person, opener);
  await person.context.close();
});

it('a key is made and revoked with the keyboard alone', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person, { at: '/keys' });
  await createKey(person, 'robot');
  await tabTo(page, page.getByRole('button', { name: words.keys.made.done }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: words.keys.revokeNamed.replace('{{name}}', 'robot') }));
  await page.keyboard.press('Enter');
  const keep = page.getByRole('button', { name: words.keys.confirm.keep });
  await keep.waitFor();
  await focused(person, keep);
  await tabTo(page, page.getByRole('button', { name: words.keys.confirm.revoke }));
  await page.keyboard.press('Enter');
  await page.getByText(words.keys.empty).waitFor();
  await person.context.close();
});

/** Opens the menu of this button, which has the focus or gets it back, goes to an item by one key, and takes it. */
async function choose(person: Visit, button: string, { key, item }: { key: string; item: string }) {
  const { page } = person;
  await focused(person, page.getByRole('button', { name: button }));
  await page.keyboard.press('Enter');
  await focused(person, page.getByRole('menuitemradio').first());
  await page.keyboard.press(key);
  await focused(person, page.getByRole('menuitemradio', { name: item }));
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

it('language and appearance are chosen by arrow keys, and remembered', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto('/sign-in');
  await tabTo(page, page.getByRole('button', { name: words.shell.menu.preferences }));
  await choose(person, words.shell.menu.preferences, { key: 'ArrowDown', item: 'ไทย' });
  await page.locator('html[lang=th]').waitFor();
  await choose(person, th.shell.menu.preferences, { key: 'End', item: th.shell.menu.dark });
  await page.locator('html[data-theme=dark]').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('th');
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await person.context.close();
});
