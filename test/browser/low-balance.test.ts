import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { deferred } from '../../packages/frontend/src/testing/deferred.ts';
import { ask, asAdministrator, goTo, signUp } from './steps.ts';
import { expectAccessible, fill, LOOKS, type Visit, visitors, watchBeside } from './visit.ts';

const visit = visitors();

/** A code that gives more than the threshold of a new account. */
async function newCode({ context: { request } }: Visit): Promise<string> {
  const code = `Plenty-${randomUUID().slice(0, 18)}`;
  const data = { code, creditsMicro: 20_000_000 };
  const made = await request.post('/api/v1/promo-codes', { headers: await asAdministrator(request), data });
  expect(made.status()).toBe(201);
  return code;
}

const line = ({ page, words }: Visit) => page.getByRole('region', { name: words.shell.lowBalance.label });

const showBalance = (page: Page, availableMicro: number) =>
  page.route('**/api/v1/credits/balance', (route) =>
    route.fulfill({ json: { balanceMicro: availableMicro, heldMicro: 0, availableMicro } }),
  );

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a low balance is said on every page, until a code is redeemed', async () => {
    const person = await visit(look);
    const { page, words } = person;
    await signUp(person);
    const low = fill(words.shell.lowBalance.low, { amount: '1.00' });
    await line(person).getByRole('status').getByText(low).waitFor();
    await expectAccessible(person, 'a low balance on the overview');
    await goTo(person, 'chat');
    await line(person).getByText(low).waitFor();
    await page.getByLabel(words.chat.message, { exact: true }).waitFor();
    await expectAccessible(person, 'a low balance in the chat');
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
    expect(await overflow()).toBe(0); // the line takes its place from the thread
    await ask(person, 'so long\n'.repeat(40));
    expect(await overflow()).toBe(0);
    await line(person).getByRole('link', { name: words.shell.lowBalance.redeem }).click();

    const { redeem } = words.overview;
    await page.getByRole('button', { name: redeem.open, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(redeem.code).fill(await newCode(person));
    await dialog.getByRole('button', { name: redeem.check, exact: true }).click();
    await dialog.getByRole('button', { name: redeem.submit, exact: true }).click();
    await line(person).waitFor({ state: 'detached' });
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('an empty balance is said in other words', async () => {
    const person = await visit(look);
    await showBalance(person.page, 999);
    await signUp(person);
    await line(person).getByText(person.words.shell.lowBalance.empty).waitFor();
    await expectAccessible(person, 'an empty balance');
    await person.context.close();
  });
});

it('a low balance is said from the start, and moves nothing under a finger', async () => {
  const person = await visit();
  const { words } = person;
  const seen = await watchBeside(person.page, `section[aria-label="${words.shell.lowBalance.label}"]`);
  await signUp(person);
  expect((await seen()).get(words.overview.title)).toBe(true);
  await person.context.close();
});

it('a low balance is hidden until the page is loaded anew, or nothing is left', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person);
  const hide = line(person).getByRole('button', { name: words.shell.lowBalance.hide });
  await hide.focus();
  await page.keyboard.press('Enter');
  await line(person).waitFor({ state: 'detached' });
  await goTo(person, 'credits');
  expect(await line(person).count()).toBe(0);
  await page.reload();
  await hide.click();
  await line(person).waitFor({ state: 'detached' });
  await showBalance(page, 0);
  await goTo(person, 'chat');
  await ask(person, 'what is left'); // a charge has the balance looked at again
  await line(person).getByText(words.shell.lowBalance.empty).waitFor();
  await person.context.close();
});

it('nothing is said before both numbers are known, and the threshold is asked for once', async () => {
  const person = await visit();
  const { page } = person;
  const held = deferred<undefined>();
  let asked = 0;
  await page.route('**/api/v1/credits/settings', async (route) => {
    asked += 1;
    await held.promise;
    await route.continue();
  });
  await signUp(person);
  expect(asked).toBe(1);
  expect(await line(person).count()).toBe(0);
  held.resolve(undefined);
  await line(person).waitFor();
  await goTo(person, 'usage');
  await goTo(person, 'overview');
  expect(asked).toBe(1);
  await person.context.close();
});
