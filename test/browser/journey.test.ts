import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ask, createKey, goTo, signOut, signUpOnPage, withNumbers } from './steps.ts';
import { expectAccessible, fill, LOOKS, visitors } from './visit.ts';

const visit = visitors();

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a person signs up, makes a key, asks a model, sees the charge, and leaves', async () => {
    const person = await visit(look);
    const { page, words } = person;

    await signUpOnPage(person);
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language);
    expect(await page.locator('html').getAttribute('data-theme')).toBe(look.theme);
    expect(await page.getByTestId('balance').innerText()).toBe('1.00');
    await page.getByText(words.overview.reasons.signup).waitFor();
    await expectAccessible(person, 'overview');

    await goTo(person, 'usage');
    await page.getByText(words.usage.empty).waitFor();
    await expectAccessible(person, 'usage without calls');

    await goTo(person, 'keys');
    await page.getByText(words.keys.empty).waitFor();
    await expectAccessible(person, 'keys without a key');
    const key = await createKey(person, 'laptop');
    expect(key).toMatch(/^sk-hub-[\w-]{43}$/);
    await page.getByRole('button', { name: words.shell.copy.copy, exact: true }).click();
    await page.getByRole('button', { name: words.shell.copy.copied }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
    await expectAccessible(person, 'a new key');
    await page.reload();
    await page.getByText('laptop').waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await page.content()).toContain(key.slice(0, 12));
    await expectAccessible(person, 'keys');

    await goTo(person, 'models');
    await page.getByText('hub/echo').first().waitFor();
    await expectAccessible(person, 'models');

    await goTo(person, 'chat');
    await page.getByText(words.chat.empty).waitFor();
    await expectAccessible(person, 'chat');
    const receipt = await ask(person, 'seven quiet words come back to me');
    await page.getByText('You said: seven quiet words come back to me').waitFor();
    expect(receipt).toMatch(withNumbers(words.chat.receipt.tokens));
    expect(receipt).toMatch(withNumbers(words.chat.receipt.charged));
    await expectAccessible(person, 'an answer');
    const requestId = await page.locator('[data-charge] code').innerText();

    await goTo(person, 'usage');
    const call = page.getByRole('row').filter({ hasText: requestId });
    await call.getByText('hub/echo').waitFor();
    await call.getByText(/^0\.\d{6}$/).waitFor();
    const byModel = page.getByRole('table', { name: words.usage.summary.byModel });
    await byModel.getByText('hub/echo').waitFor();
    await expectAccessible(person, 'usage');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: words.usage.download }).click(),
    ]);
    expect(await readFile(await file.path(), 'utf8')).toContain(requestId);

    await goTo(person, 'overview');
    const debit = page.getByRole('row').filter({ hasText: words.overview.reasons.usage });
    await debit.getByText(/^-0\.\d{6}$/).waitFor();
    await page
      .getByTestId('balance')
      .filter({ hasText: /^0\.\d+$/ })
      .waitFor();
    await expectAccessible(person, 'overview after a call');

    await goTo(person, 'keys');
    await page.getByRole('button', { name: fill(words.keys.revokeNamed, { name: 'laptop' }) }).click();
    await expectAccessible(person, 'the question whether to revoke');
    await page.getByRole('button', { name: words.keys.confirm.revoke }).click();
    await page.getByText(fill(words.keys.revoked, { name: 'laptop' })).waitFor();
    await page.getByText(words.keys.empty).waitFor();

    await signOut(person);
    await expectAccessible(person, 'sign-in');
    await page.getByRole('link', { name: words.account.signIn.otherLink }).click();
    await page.getByRole('heading', { name: words.account.signUp.title }).waitFor();
    await expectAccessible(person, 'sign-up');

    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});
