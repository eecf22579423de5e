import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Reconciliation, ReconcileReport } from '@smart-ai-hub/shared/contracts';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  administratorAt,
  ask,
  field,
  goTo,
  press,
  register,
  type Registered,
  rowOf,
  said,
  signUp,
} from './steps.ts';
import { arrived, expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const onAccounts = async (look?: Look) => administratorAt(await visit(look), '/admin/accounts');

async function newPerson(look?: Look): Promise<Visit & Registered> {
  const person = await visit(look);
  return { ...person, ...(await signUp(person)) };
}

/** Accounts of people whose address begins so: the list without words is that of all tests, page by page. */
async function find(administrator: Visit, search: string): Promise<void> {
  const { page, words } = administrator;
  await field(page, words.accounts.search).fill(search);
  await press(page, words.accounts.searchSubmit);
  await arrived(administrator);
}

async function choose(administrator: Visit, status: 'active' | 'frozen' | 'closed' | ''): Promise<void> {
  await field(administrator.page, administrator.words.accounts.status).selectOption(status);
  await arrived(administrator);
}

/** Opens the account of somebody, and answers the dialog that shows it. */
async function open({ page, words }: Visit, email: string): Promise<Locator> {
  const named = fill(words.accounts.openNamed, { name: email });
  await page.getByRole('button', { name: named, exact: true }).click();
  return page.getByRole('dialog');
}

/** Opens the account of somebody, and asks for this to be done. */
async function act(administrator: Visit, email: string, name: keyof Visit['words']['accounts']['act']) {
  const dialog = await open(administrator, email);
  await press(dialog, administrator.words.accounts.act[name]);
  return dialog;
}

async function changeStatus(administrator: Visit, email: string, status: 'active' | 'frozen' | 'closed') {
  const { words } = administrator;
  const dialog = await act(administrator, email, status);
  await dialog.getByText(fill(words.accounts.confirm[status], { name: email })).waitFor();
  await field(dialog, words.accounts.form.note).fill('asked by the bank');
  await expectAccessible(administrator, `an account before it is ${status}`);
  await press(dialog, words.accounts.act[status]);
  await said(administrator, fill(words.accounts.done[status], { name: email }));
}

const csv = (...lines: string[]) => ({
  ...{ name: 'adjustments.csv', mimeType: 'text/csv' },
  buffer: Buffer.from(['userId,amount,note', ...lines].join('\r\n')),
});

async function saved(page: Page, save: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), save()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

const finish = async (...visits: Visit[]) => {
  for (const { complaints, context } of visits) {
    expect(complaints).toEqual([]);
    await context.close();
  }
};

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator adjusts an account, and the person reads why and keeps a statement', async () => {
    const person = await newPerson(look);
    const administrator = await onAccounts(look);
    const { page, words } = administrator;
    const { form } = words.accounts;
    await rowOf(administrator, person.email).waitFor();
    await expectAccessible(administrator, 'accounts');
    await find(administrator, person.email);
    const dialog = await open(administrator, person.email);
    await expectAccessible(administrator, 'an account');
    await press(dialog, words.accounts.act.adjust);
    await press(dialog, form.submit);
    await dialog.getByText(words.forms.errors.required).waitFor();
    await expectAccessible(administrator, 'an adjustment with mistakes');
    await field(dialog, form.amount).fill('-1.000001');
    await field(dialog, form.note).fill('for the workshop');
    await press(dialog, form.submit);
    await dialog.getByRole('alert').getByText(form.tooLittle).waitFor();
    await field(dialog, form.amount).fill('2.500001');
    await press(dialog, form.submit);
    const booked = { name: person.email, amount: '+2.500001', balance: '3.500001' };
    await said(administrator, fill(words.accounts.done.adjust, booked));
    expect(await rowOf(administrator, person.email).innerText()).toContain('3.500001');
    await page.close();

    const { credits, overview } = person.words;
    await person.page.reload();
    await goTo(person, 'credits');
    await rowOf(person, 'for the workshop').getByText('+2.500001').waitFor();
    await expectAccessible(person, 'credits');
    await field(person.page, credits.filter.reason).selectOption('adjustment');
    await press(person.page, credits.filter.apply);
    await arrived(person);
    expect(await person.page.getByRole('row').count()).toBe(2); // the head, and the line
    const statement = await saved(person.page, () => press(person.page, credits.statement));
    expect(statement.name).toBe('statement.csv');
    expect(statement.text).toMatch(/adjustment,for the workshop,,2\.500001,3\.500001\r\n/);
    expect(statement.text).toMatch(/signup,/); // a statement has every line of its days
    await field(person.page, credits.filter.from).fill('2101-01-01');
    await press(person.page, credits.filter.apply);
    await person.page.getByText(credits.none, { exact: true }).waitFor();
    await expectAccessible(person, 'no credits');
    const later = await saved(person.page, () => press(person.page, credits.statement));
    expect(later.text).not.toMatch(/signup,/);
    await goTo(person, 'overview');
    await rowOf(person, overview.reasons.adjustment).getByText('for the workshop').waitFor();
    await finish(administrator, person);
  });

  it('accounts are found by how addresses begin', async () => {
    const { email } = await register();
    const administrator = await onAccounts(look);
    const { page, words } = administrator;
    await find(administrator, email.slice(0, 30).toUpperCase());
    await rowOf(administrator, email).waitFor();
    expect(await page.getByRole('table').first().getByRole('row').count()).toBe(2); // the head, and the person
    await expectAccessible(administrator, 'accounts that were found');
    await choose(administrator, 'frozen');
    await page.getByText(words.accounts.notFoundText).waitFor();
    await expectAccessible(administrator, 'no account that was found');
    await choose(administrator, '');
    await page.route('**/api/v1/users?*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), nextCursor: 'more' } });
    });
    await find(administrator, email);
    await page.getByText(fill(words.accounts.firstPeople, { people: '1' })).waitFor();
    await expectAccessible(administrator, 'some of the accounts that were found');
    await finish(administrator);
  });

  it('an account is frozen, closed and active again', async () => {
    const { email } = await register();
    const administrator = await onAccounts(look);
    const { page, words } = administrator;
    const { states } = words.accounts;
    await find(administrator, email);
    await changeStatus(administrator, email, 'frozen');
    await rowOf(administrator, email).getByText(states.frozen, { exact: true }).waitFor();
    await choose(administrator, 'frozen');
    await changeStatus(administrator, email, 'closed');
    await rowOf(administrator, email).waitFor({ state: 'detached' });
    await choose(administrator, 'closed');
    const dialog = await open(administrator, email);
    await dialog.getByText(states.closed, { exact: true }).waitFor();
    expect(await dialog.getByRole('button', { name: words.accounts.act.adjust }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await changeStatus(administrator, email, 'active');
    await choose(administrator, '');
    await rowOf(administrator, email).getByText(states.active, { exact: true }).waitFor();
    await finish(administrator);
  });

  it('a charge is given back, once', async () => {
    const person = await newPerson(look);
    await goTo(person, 'chat');
    await ask(person, 'what was this worth');
    const administrator = await onAccounts(look);
    const { page, words } = administrator;
    const { refund, form } = words.accounts;
    await find(administrator, person.email);
    const dialog = await open(administrator, person.email);
    await dialog.getByRole('link', { name: words.accounts.ledger }).click();
    await page.waitForURL(`**/admin/accounts/${person.userId}`);
    const charge = rowOf(administrator, words.overview.reasons.usage);
    await charge.getByText('hub/echo').waitFor();
    await expectAccessible(administrator, 'the ledger of somebody else');
    await charge.getByRole('button').click();
    await press(dialog, refund.submit);
    await dialog.getByText(fill(words.forms.errors.tooShort, { limit: '3' })).waitFor();
    await field(dialog, form.note).fill('the answer broke off');
    await expectAccessible(administrator, 'a charge before it is given back');
    await press(dialog, refund.submit);
    await page.getByRole('status').getByText(person.email).waitFor();
    await dialog.waitFor({ state: 'hidden' });
    await charge.getByText(words.overview.ledger.givenBack).waitFor();
    expect(await charge.getByRole('button').count()).toBe(0);
    await expectAccessible(administrator, 'a charge that was given back');
    await rowOf(administrator, 'the answer broke off').waitFor();
    expect(await rowOf(administrator, 'the answer broke off').count()).toBe(1);
    await person.page.goto('/');
    await person.page
      .getByTestId('balance')
      .filter({ hasText: /^1\.00$/ })
      .waitFor();
    await person.page.getByText(person.words.overview.ledger.givenBack).waitFor();
    await finish(administrator, person);
  });

  it('a file of adjustments is looked at, mended, booked, and its report kept', async () => {
    const { email, userId } = await register();
    const administrator = await onAccounts(look);
    const { page, words } = administrator;
    const { bulk } = words.accounts;
    const dialog = page.getByRole('dialog');
    const file = field(dialog, words.imports.choose);
    await find(administrator, email);
    await press(page, bulk.open);
    await expectAccessible(administrator, 'a file to be chosen');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), file.click()]);
    expect(chooser.isMultiple()).toBe(false);
    await file.setInputFiles({ ...csv(), buffer: Buffer.from('who,what\r\nme,more') });
    await dialog.getByRole('alert').getByText('userId,amount,note').waitFor();
    const nobody = randomUUID();
    await file.setInputFiles(csv(`${userId},0.5,for May`, `${nobody},1,for May`, `${userId},much,for May`));
    await dialog.getByText(fill(words.imports.wrong, { lines: '3', wrong: '2' })).waitFor();
    await dialog.getByText(bulk.outcomes['no-account']).waitFor();
    await expectAccessible(administrator, 'a file with wrong lines');
    expect(await dialog.getByRole('button', { name: bulk.apply }).count()).toBe(0);
    const report = await saved(page, () => press(dialog, words.imports.download));
    expect(report.name).toBe('report.csv');
    expect(report.text.split('\r\n').map((line) => line.split(',')[2])).toEqual([
      ...['outcome', 'booked', 'no-account', 'malformed', undefined],
    ]);

    await file.setInputFiles(csv(`${userId},0.5,for May`, `${userId},-0.25,too much`));
    await dialog.getByText(fill(words.imports.checked, { lines: '2' })).waitFor();
    await press(dialog, bulk.apply);
    await said(administrator, bulk.applied);
    await dialog.getByText(fill(bulk.outcomes.booked, { amount: '-0.25', balance: '1.25' })).waitFor();
    await expectAccessible(administrator, 'a file that was booked');
    await press(dialog, words.imports.done);
    expect(await rowOf(administrator, email).innerText()).toContain('1.25');
    await finish(administrator);
  });

  it('the proof of the ledger is shown, and what does not add up', async () => {
    const administrator = await visit(look);
    const { page, words } = administrator;
    const night = { checkedAt: '2026-05-01T02:47:00.000Z', accounts: 12, expiredHolds: 1 };
    const nights: Reconciliation[] = [{ ...night, mismatches: 1, houseLossMicro: 1500 }];
    await page.route('**/credits/reconciliations?*', (route) =>
      route.fulfill({ json: { items: nights, nextCursor: null } }),
    );
    await administratorAt(administrator, '/admin/accounts');
    await page.getByRole('table', { name: words.accounts.proof.title }).waitFor();
    await press(page, words.accounts.proof.check);
    await said(administrator, words.accounts.proof.whole.split('{{')[0] ?? '');
    await expectAccessible(administrator, 'a ledger that adds up');

    const accountId = randomUUID();
    const found: ReconcileReport = {
      ...{ ...night, ledgerSumMicro: 5, balanceSumMicro: 6, houseLossMicro: 0 },
      mismatches: [
        { accountId, balanceMicro: 2_000_000, ledgerMicro: 1_000_000, heldMicro: 0, holdsMicro: 0 },
      ],
    };
    await page.route('**/credits/reconcile', (route) => route.fulfill({ json: found }));
    await press(page, words.accounts.proof.check);
    await page.getByRole('alert').getByText(accountId).waitFor();
    await expectAccessible(administrator, 'a ledger that does not add up');
    await finish(administrator);
  });
});

it('an adjustment whose answer was lost is not booked again', async () => {
  const { email } = await register();
  const administrator = await onAccounts();
  const { page, words } = administrator;
  await find(administrator, email);
  const dialog = await act(administrator, email, 'adjust');
  await field(dialog, words.accounts.form.amount).fill('5');
  await field(dialog, words.accounts.form.note).fill('a gift');
  await page.route(
    '**/credits/adjustments',
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await press(dialog, words.accounts.form.submit);
  await dialog.getByRole('alert').getByText(words.problems.unreachable).waitFor();
  await press(dialog, words.accounts.form.submit);
  const booked = { name: email, amount: '+5.00', balance: '6.00' };
  await said(administrator, fill(words.accounts.done.adjust, booked));
  await administrator.context.close();
});

it('who may only look sees accounts by their ids, and changes nothing', async () => {
  const reader = await visit();
  const { page, words } = reader;
  const { userId } = await signUp(reader, { at: '/admin/accounts', grants: { 'credits:read': 'any' } });
  const dialog = await open(reader, userId);
  await dialog.getByRole('link', { name: words.accounts.ledger }).waitFor();
  expect(await dialog.getByRole('button').allInnerTexts()).toEqual([words.accounts.dismiss]);
  expect(await page.getByRole('button', { name: words.accounts.bulk.open }).count()).toBe(0);
  expect(await page.getByText(words.accounts.proof.title).count()).toBe(0);
  expect(await field(page, words.accounts.search).count()).toBe(0);
  await finish(reader);
});

it('somebody is found among people, and adjusted beside their ledger', async () => {
  const { email } = await register();
  const administrator = await onAccounts();
  const { page, words } = administrator;
  const dialog = page.getByRole('dialog');
  await goTo(administrator, 'users');
  await field(page, words.users.search).fill(email);
  await press(page, words.users.searchSubmit);
  await arrived(administrator);
  await page.getByRole('button', { name: fill(words.users.openNamed, { email }) }).click();
  await dialog.getByRole('link', { name: words.users.credits }).click();
  await press(page, words.accounts.act.adjust);
  await field(dialog, words.accounts.form.amount).fill('-0.25');
  await field(dialog, words.accounts.form.note).fill('a correction');
  await press(dialog, words.accounts.form.submit);
  await said(
    administrator,
    fill(words.accounts.done.adjust, { name: email, amount: '-0.25', balance: '0.75' }),
  );
  await rowOf(administrator, 'a correction').getByText('-0.25').waitFor();
  await finish(administrator);
});

it('somebody without the permission sees no accounts of others', async () => {
  const { page, words, context } = await newPerson();
  expect(await page.getByRole('link', { name: words.shell.nav.accounts, exact: true }).count()).toBe(0);
  await page.goto('/admin/accounts');
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  await page.goto(`/admin/accounts/${randomUUID()}`);
  await page.getByRole('alert').first().getByText(words.problems.codes['not-found']).waitFor();
  await context.close();
});
