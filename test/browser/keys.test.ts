import { describe, expect, it } from 'vitest';
import { createKey, focused, signUp } from './steps.ts';
import { expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const rowsOf = ({ page }: Visit, name: string) => page.getByRole('row').filter({ hasText: name });
const actionOn = ({ page }: Visit, words: string, name: string) =>
  page.getByRole('button', { name: fill(words, { name }), exact: true });

async function onKeys(look?: Look): Promise<Visit> {
  const person = await visit(look);
  await signUp(person, { at: '/keys' });
  return person;
}

/** Opens the form of a new key with what is folded away in it. */
async function openForm({ page, words }: Visit): Promise<void> {
  await page.getByRole('button', { name: words.keys.create }).click();
  await page.getByText(words.keys.form.advanced).click();
  await page.getByLabel(words.keys.form.models).waitFor();
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a key gets every setting, is changed and replaced', async () => {
    const person = await onKeys(look);
    const { page, words } = person;
    const { form, limits, edit, rotate, made } = words.keys;

    await openForm(person);
    await page.getByLabel(form.name).fill('robot');
    await page.getByLabel(form.expiry).selectOption('days90');
    await page.getByLabel(form.models).fill('gpt-4*, hub/echo');
    await page.getByLabel(form.tools, { exact: true }).fill('search');
    await page.getByLabel(form.monthlyLimitMicro).fill('2.5');
    await page.getByLabel(form.requestsPerMinute).fill('30');
    await page.getByLabel(form.tokensPerMinute).fill('9000');
    await page.getByLabel(form.cacheAnswers).check();
    await page.getByRole('checkbox', { name: 'services:use' }).check();
    await expectAccessible(person, 'the form of a key');
    await page.getByRole('button', { name: form.submit }).click();
    const first = await page.getByLabel(made.label).innerText();
    await page.getByRole('button', { name: made.done }).click();

    const shown = rowsOf(person, 'robot').getByRole('list', { name: limits.label });
    await shown.getByText(fill(limits.models, { list: 'gpt-4*, hub/echo' })).waitFor();
    for (const phrase of [
      fill(limits.tools, { list: 'search' }),
      fill(limits.permissions, { list: 'services:use' }),
      fill(limits.monthly, { amount: '2.50' }),
      fill(limits.requests, { amount: '30' }),
      fill(limits.tokens, { amount: '9,000' }),
      limits.cached,
    ])
      expect(await shown.getByText(phrase, { exact: true }).count()).toBe(1);
    await expectAccessible(person, 'a key with limits');

    await actionOn(person, words.keys.editNamed, 'robot').click();
    expect(await page.getByLabel(form.monthlyLimitMicro).inputValue()).toBe('2.5');
    expect(await page.getByRole('checkbox', { name: 'services:use' }).isChecked()).toBe(true);
    expect(await page.getByLabel(form.cacheAnswers).isChecked()).toBe(true);
    await page.getByLabel(form.cacheAnswers).uncheck();
    await page.getByLabel(form.name).fill('worker');
    await page.getByLabel(form.models).fill('');
    await expectAccessible(person, 'a key being changed');
    await page.getByRole('button', { name: edit.submit, exact: true }).click();
    await page.getByText(fill(edit.saved, { name: 'worker' })).waitFor();
    expect(await rowsOf(person, 'worker').count()).toBe(1);
    expect(await page.getByText('gpt-4*').count()).toBe(0);
    expect(await page.getByText(limits.cached, { exact: true }).count()).toBe(0);

    await actionOn(person, words.keys.rotateNamed, 'worker').click();
    await expectAccessible(person, 'the question whether to replace a key');
    await page.getByRole('button', { name: rotate.submit }).click();
    const second = await page.getByLabel(made.label).innerText();
    expect(second).toMatch(/^sk-hub-[\w-]{43}$/);
    expect(second).not.toBe(first);
    await page.getByRole('button', { name: made.done }).click();
    await rowsOf(person, 'worker').nth(1).waitFor();
    expect(await rowsOf(person, 'worker').count()).toBe(2);
    const replaced = page.getByText(words.keys.replaced.split('{{')[0] ?? '');
    await replaced.waitFor();
    expect(await page.content()).not.toContain(second);
    expect(await actionOn(person, words.keys.editNamed, 'worker').count()).toBe(1);
    await expectAccessible(person, 'a replaced key');

    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('a mistake in what is folded away is shown and gets the focus', async () => {
  const person = await onKeys();
  const { page, words } = person;
  await openForm(person);
  await page.getByLabel(words.keys.form.name).fill('robot');
  const limit = page.getByLabel(words.keys.form.requestsPerMinute);
  await limit.fill('none');
  await page.getByText(words.keys.form.advanced).click();
  await limit.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: words.keys.form.submit }).click();
  await page.getByText(words.forms.errors.invalid).waitFor();
  await focused(person, limit);
  await expectAccessible(person, 'a mistake in a limit');
  await person.context.close();
});

it('a key that is saved as it is asks nothing of the hub; a refusal is said in the form', async () => {
  const person = await onKeys();
  const { page, words } = person;
  await createKey(person, 'quiet');
  await page.getByRole('button', { name: words.keys.made.done }).click();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent.push(request.url());
  });
  const save = async () => {
    await actionOn(person, words.keys.editNamed, 'quiet').click();
    await page.getByRole('button', { name: words.keys.edit.submit, exact: true }).click();
  };
  await save();
  await page.getByText(fill(words.keys.edit.saved, { name: 'quiet' })).waitFor();
  expect(sent).toEqual([]);

  await page.route('**/api/v1/keys/*', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      headers: { 'x-request-id': 'request-of-this-test' },
      json: { code: 'forbidden', detail: 'you may not do this yourself: roles:read' },
    }),
  );
  await actionOn(person, words.keys.editNamed, 'quiet').click();
  await page.getByLabel(words.keys.form.name).fill('loud');
  await page.getByRole('button', { name: words.keys.edit.submit, exact: true }).click();
  await page.getByRole('alert').getByText(words.problems.codes.forbidden).waitFor();
  await expectAccessible(person, 'a refused change');
  await person.context.close();
});
