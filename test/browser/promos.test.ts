import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ProblemCode } from '@smart-ai-hub/shared/contracts';
import { describe, expect, inject, it } from 'vitest';
import {
  administratorAt,
  field,
  focused,
  goTo,
  newEmail,
  PASSWORD,
  press,
  rowOf,
  said,
  signUp,
} from './steps.ts';
import { arrived, expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const newCode = () => `Gift-${randomUUID().slice(0, 18)}`;

const onPromos = async (look?: Look) => administratorAt(await visit(look), '/admin/promos');

/** Makes a code with the form, of 2.5 credits for each. */
async function make(administrator: Visit, code: string): Promise<void> {
  const { page, words } = administrator;
  await press(page, words.promos.create);
  const dialog = page.getByRole('dialog');
  await field(dialog, words.promos.form.code).fill(code);
  await field(dialog, words.promos.form.credits).fill('2.5');
  await press(dialog, words.promos.form.submit);
  await said(administrator, words.promos.done.create, { code });
}

async function find(administrator: Visit, search: string): Promise<void> {
  const { page, words } = administrator;
  await field(page, words.promos.search).fill(search);
  await press(page, words.promos.searchSubmit);
  await arrived(administrator);
}

/** Opens a code, and answers the dialog that shows it, with those who redeemed it. */
async function open(administrator: Visit, code: string) {
  const { page, words } = administrator;
  await press(page, fill(words.promos.detailsNamed, { code }));
  await arrived(administrator);
  return page.getByRole('dialog');
}

/** Opens the dialog on the overview in which codes are redeemed. */
const openRedeem = ({ page, words }: Visit) => press(page, words.overview.redeem.open);

/** Asks there what a code gives. */
async function check({ page, words }: Visit, code: string): Promise<void> {
  const { redeem } = words.overview;
  const dialog = page.getByRole('dialog');
  await field(dialog, redeem.code).fill(code);
  await press(dialog, redeem.check);
}

const refused = ({ page, words }: Visit, problem: ProblemCode) =>
  page.getByRole('alert').getByText(words.problems.codes[problem]).waitFor();

async function redeem(person: Visit, code: string): Promise<void> {
  const { page, words } = person;
  await openRedeem(person);
  await check(person, code);
  await press(page.getByRole('dialog'), words.overview.redeem.submit);
}

async function newPerson(look?: Look): Promise<Visit> {
  const person = await visit(look);
  await signUp(person);
  return person;
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator makes a code, and a person who redeems it sees the balance grow, once', async () => {
    const code = newCode();
    const administrator = await onPromos(look);
    const { page, words } = administrator;
    const dialog = page.getByRole('dialog');
    const { form } = words.promos;
    await expectAccessible(administrator, 'promo codes');

    await press(page, words.promos.create);
    await field(dialog, form.expiresAt).press('1');
    await press(dialog, form.submit);
    await dialog.getByText(words.forms.errors.required).waitFor();
    await dialog.getByText(words.forms.errors.invalid).waitFor(); // half a date is not "never"
    await expectAccessible(administrator, 'a new code with mistakes');
    await field(dialog, form.code).fill(code);
    await field(dialog, form.credits).fill('2.500001');
    await field(dialog, form.maxUses).fill('1');
    await field(dialog, form.expiresAt).fill('2101-02-03T04:05');
    await field(dialog, form.description).fill('ของขวัญปีใหม่');
    await press(dialog, form.submit);
    await said(administrator, words.promos.done.create, { code });
    await find(administrator, code.slice(0, 20).toUpperCase());
    expect(await page.getByRole('row').count()).toBe(2);
    await rowOf(administrator, code).getByText('ของขวัญปีใหม่').waitFor();

    const person = await newPerson(look);
    const { redeem: gift } = person.words.overview;
    await openRedeem(person);
    await check(person, 'nobody-made-this');
    await refused(person, 'promo-not-found');
    await expectAccessible(person, 'a code that does not exist');
    await check(person, `  ${code.toLowerCase()}`);
    await person.page.getByText(gift.until.split('{{')[0] ?? '').waitFor();
    await expectAccessible(person, 'what a code gives');
    const submit = person.page.getByRole('dialog').getByRole('button', { name: gift.submit, exact: true });
    await focused(person, submit);
    await press(person.page.getByRole('dialog'), gift.submit);
    await said(person, gift.done, { amount: '2.500001', balance: '3.500001' });
    expect(await person.page.getByTestId('balance').innerText()).toBe('3.500001');
    await rowOf(person, person.words.overview.reasons.promo).getByText('+2.500001').waitFor();
    await expectAccessible(person, 'a redeemed code');
    await openRedeem(person);
    await check(person, code);
    await refused(person, 'promo-already-redeemed');
    expect(person.complaints).toEqual([]);
    await person.context.close();

    const late = await newPerson();
    await openRedeem(late);
    await check(late, code);
    await refused(late, 'promo-used-up');
    await late.context.close();

    await page.reload();
    await arrived(administrator);
    await page.getByText(words.promos.use.table).click();
    await page.getByRole('table', { name: words.promos.use.table }).waitFor();
    await find(administrator, code);
    await rowOf(administrator, code).getByText(words.promos.states.usedUp).waitFor();
    await expectAccessible(administrator, 'promo codes that were used');
    await open(administrator, code);
    const list = dialog.getByRole('list', { name: words.promos.redemptions.title });
    await list.waitFor();
    expect(await list.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}[^]*2\.500001$/),
    ]);
    await expectAccessible(administrator, 'a code');
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('a code is changed, closed, refused, and opened again', async () => {
    const code = newCode();
    const administrator = await onPromos(look);
    const { page, words } = administrator;
    const { act, done, form } = words.promos;
    await make(administrator, code);
    const person = await newPerson(look);
    await redeem(person, code);
    await said(person, person.words.overview.redeem.done, { amount: '2.50', balance: '3.50' });

    await find(administrator, code);
    let dialog = await open(administrator, code);
    await dialog.getByText(words.promos.never).waitFor();
    await press(dialog, act.change);
    await field(dialog, form.maxUses).fill('0');
    await press(dialog, form.save);
    await dialog.getByText(words.forms.errors.invalid).waitFor();
    await field(dialog, form.maxUses).fill('1200');
    await field(dialog, form.description).fill('twelve hundred');
    await expectAccessible(administrator, 'a code that is changed');
    await press(dialog, form.save);
    await said(administrator, done.change, { code });
    await rowOf(administrator, code).getByText('twelve hundred').waitFor();

    dialog = await open(administrator, code);
    await dialog.getByText(fill(words.promos.usesOf, { used: '1', max: '1,200' })).waitFor();
    await press(dialog, act.close);
    await said(administrator, done.close, { code });
    await rowOf(administrator, code).getByText(words.promos.states.closed).waitFor();
    await field(page, words.promos.state).selectOption('open');
    await page.getByText(words.promos.empty, { exact: true }).waitFor();
    await expectAccessible(administrator, 'no codes');
    await field(page, words.promos.state).selectOption('closed');

    const late = await newPerson(look);
    await openRedeem(late);
    await check(late, code);
    await refused(late, 'promo-not-found');
    await late.page.keyboard.press('Escape');
    dialog = await open(administrator, code);
    await press(dialog, act.reopen);
    await said(administrator, done.reopen, { code });
    await redeem(late, code);
    await said(late, late.words.overview.redeem.done, { amount: '2.50', balance: '3.50' });
    await field(page, words.promos.state).selectOption('');
    dialog = await open(administrator, code);
    await press(dialog, act.change);
    await field(dialog, form.maxUses).fill('1');
    await press(dialog, form.save);
    await dialog.getByRole('alert').getByText(form.belowUses).waitFor();
    for (const one of [administrator, person, late]) {
      expect(one.complaints).toEqual([]);
      await one.context.close();
    }
  });

  it('a batch is shown once, downloaded, and listed page by page', async () => {
    const administrator = await onPromos(look);
    const { page, words } = administrator;
    const { many, form, made } = words.promos;
    const dialog = page.getByRole('dialog');
    const prefix = `B${randomUUID().slice(0, 8)}`.toUpperCase();
    await press(page, words.promos.batch);
    await field(dialog, many.count).fill('21');
    await field(dialog, many.prefix).fill(`-${prefix}`);
    await field(dialog, form.credits).fill('0.5');
    await press(dialog, many.submit);
    await dialog.getByText(words.forms.errors.invalid).waitFor();
    await field(dialog, many.prefix).fill(prefix);
    await expectAccessible(administrator, 'a new batch');
    await press(dialog, many.submit);
    const codes = (await field(dialog, made.label).inputValue()).split('\n');
    expect(codes).toHaveLength(21);
    await expectAccessible(administrator, 'the codes of a batch');
    const saved = page.waitForEvent('download');
    await press(dialog, made.download);
    expect((await saved).suggestedFilename()).toBe('promo-codes.csv');
    const lines = (await readFile(await (await saved).path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines).toEqual(['code,credits,maxUses,expiresAt', ...codes.map((code) => `${code},0.5,1,`)]);
    await press(dialog, made.done);

    await find(administrator, prefix);
    expect(await page.getByRole('row').count()).toBe(21); // a page, and the head
    await press(page, words.shell.states.more);
    await page.getByRole('row').nth(21).waitFor();
    expect(await page.getByRole('row').count()).toBe(22);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

describe('a refusal is said in words', () => {
  it.each<[ProblemCode, number]>([
    ['promo-expired', 409],
    ['too-many-attempts', 429],
    ['account-frozen', 403],
  ])('%s', async (problem, status) => {
    const person = await newPerson();
    await person.page.route('**/api/v1/promo-codes/validate', (route) =>
      route.fulfill({ status, contentType: 'application/problem+json', json: { code: problem } }),
    );
    await openRedeem(person);
    await check(person, 'WELCOME');
    await refused(person, problem);
    await person.context.close();
  });

  it('and an offer that ended in between is asked for anew', async () => {
    const person = await newPerson();
    const { page, words } = person;
    const offer = { creditsMicro: 5_000_000, expiresAt: null };
    await page.route('**/promo-codes/validate', (route) => route.fulfill({ json: offer }));
    await page.route('**/promo-codes/redeem', (route) =>
      route.fulfill({ status: 409, json: { code: 'promo-used-up' } }),
    );
    await redeem(person, 'WELCOME');
    await refused(person, 'promo-used-up');
    expect(await page.getByRole('button', { name: words.overview.redeem.submit, exact: true }).count()).toBe(
      0,
    );
    await check(person, 'WELCOME');
    await page.getByText(fill(words.overview.redeem.gives, { code: 'WELCOME', amount: '5.00' })).waitFor();
    await field(page, words.overview.redeem.code).press('2');
    await page.getByRole('button', { name: words.overview.redeem.check, exact: true }).waitFor();
    await person.context.close();
  });

  it('email-not-verified, where that is required', async () => {
    const person = await visit(undefined, inject('verifyingHubUrl'));
    const { page, words } = person;
    await page.goto('/sign-up');
    await field(page, words.account.fields.email).fill(newEmail());
    await field(page, words.account.fields.password).fill(PASSWORD);
    await press(page, words.account.signUp.submit);
    await page.getByRole('heading', { name: words.recovery.verify.title }).waitFor();
    await goTo(person, 'overview');
    await openRedeem(person);
    await check(person, 'WELCOME');
    await refused(person, 'email-not-verified');
    await person.context.close();
  });
});

describe('somebody', () => {
  it('without the permission sees no page of codes', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person, { at: '/admin/promos' });
    await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
    expect(await page.getByRole('link', { name: words.shell.nav.promos }).count()).toBe(0);
    await person.context.close();
  });

  it('who may only look makes and changes nothing', async () => {
    const administrator = await onPromos();
    const code = newCode();
    await make(administrator, code);
    const reader = await visit();
    const { page, words } = reader;
    await signUp(reader, { at: '/admin/promos', grants: { 'promos:read': 'any' } });
    await find(reader, code);
    const dialog = await open(reader, code);
    await dialog.getByText(words.promos.redemptions.empty).waitFor();
    expect(await page.getByRole('button', { name: words.promos.create }).count()).toBe(0);
    expect(await page.getByRole('button', { name: words.promos.batch }).count()).toBe(0);
    expect(await dialog.getByRole('button').allInnerTexts()).toEqual([
      words.promos.dismiss,
      words.shell.copy.copy,
    ]);
    await reader.context.close();
    await administrator.context.close();
  });
});
