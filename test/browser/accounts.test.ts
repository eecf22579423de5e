import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { th } from '../../packages/frontend/src/i18n/th/index.ts';
import { addVirtualAuthenticator } from './authenticators.ts';
import {
  addPasskey,
  createKey,
  field,
  goTo,
  newEmail,
  openAccountMenu,
  PASSWORD,
  press,
  signOut,
  signUp,
  turnOnTotp,
} from './steps.ts';
import { expectAccessible, fill, LOOKS, named, type Visit, visitors } from './visit.ts';

const visit = visitors();

const NEXT = 'seven lamps over a quiet river';

/** Waits for what a mail to this address brings, as the hub's page of unsent mail shows it. */
async function mailed({ context }: Visit, email: string, pattern: RegExp): Promise<string> {
  let found: string | undefined;
  const look = async () => {
    const page = await (await context.request.get('/dev/mail')).text();
    const mail = page.split('<article>').find((one) => one.includes(email) && pattern.test(one)) ?? '';
    found = pattern.exec(mail)?.[1];
    return found;
  };
  await expect.poll(look, { timeout: 10_000 }).toBeDefined();
  return found ?? '';
}

const CODE = /^(\d{6})$/m;
const LINK = /(\/reset#token=[\w.-]+)"/;

async function signIn(person: Visit, email: string, password: string): Promise<void> {
  const { words } = person;
  await field(person.page, words.account.fields.email).fill(email);
  await field(person.page, words.account.fields.password).fill(password);
  await press(person.page, words.account.signIn.submit);
}

async function openAccount(person: Visit): Promise<void> {
  const { page, words } = person;
  await openAccountMenu(person);
  await page.getByRole('menuitem', { name: words.profile.title }).click();
  await page.getByRole('heading', { level: 1, name: words.profile.title }).waitFor({ state: 'attached' });
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a person registers, verifies the address, sets up an authenticator app and a passkey, and makes a key', async () => {
    const person = await visit(look, named(inject('verifyingHubUrl')));
    const { page, words } = person;
    await addVirtualAuthenticator(page);
    const email = newEmail();
    await page.goto('/sign-up');
    await field(person.page, words.account.fields.email).fill(email);
    await field(person.page, words.account.fields.password).fill(PASSWORD);
    await press(person.page, words.account.signUp.submit);
    await page.getByText(fill(words.recovery.verify.text, { email })).waitFor();
    await expectAccessible(person, 'verify');

    const code = await mailed(person, email, CODE);
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    await field(person.page, words.recovery.verify.code).fill(wrong);
    await press(person.page, words.recovery.verify.submit);
    await page.getByText(words.problems.codes['invalid-code']).waitFor();
    await press(person.page, words.recovery.verify.resend);
    await page.getByText(words.recovery.verify.resent).waitFor();
    await expectAccessible(person, 'verify with a wrong code');

    await goTo(person, 'keys');
    await page.getByText(words.recovery.verify.waits).waitFor();
    await expectAccessible(person, 'keys before the address is verified');
    await page.getByRole('link', { name: words.recovery.verify.link }).click();

    let next = code;
    await expect
      .poll(async () => (next = await mailed(person, email, CODE)), { timeout: 10_000 })
      .not.toBe(code);
    await field(person.page, words.recovery.verify.code).fill(next);
    await press(person.page, words.recovery.verify.submit);
    await page.getByText(words.recovery.verify.done).waitFor();
    await expectAccessible(person, 'a verified address');

    await goTo(person, 'security');
    await turnOnTotp(person);
    await press(person.page, words.security.recovery.done);
    await page.getByText(words.security.totp.on, { exact: true }).waitFor();
    await addPasskey(person, 'work laptop');

    await goTo(person, 'keys');
    expect(await createKey(person, 'laptop')).toMatch(/^sk-hub-/);
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('a person who forgot the password sets a new one by the mailed link', async () => {
    const person = await visit(look);
    const { page, words } = person;
    const { email } = await signUp(person);
    await signOut(person);
    await page.getByRole('link', { name: words.recovery.forgot.link }).click();
    await page.getByRole('heading', { name: words.recovery.forgot.title }).waitFor();
    await expectAccessible(person, 'forgot');
    await field(person.page, words.account.fields.email).fill(email);
    await press(person.page, words.recovery.forgot.submit);
    await page.getByText(words.recovery.forgot.doneText).waitFor();
    await expectAccessible(person, 'forgot, asked');

    await page.goto(await mailed(person, email, LINK));
    await page.waitForURL(/\/reset$/);
    await field(person.page, words.profile.password.next).fill(PASSWORD);
    await press(person.page, words.recovery.reset.submit);
    await page.getByText(words.problems.codes['password-reused']).waitFor();
    await expectAccessible(person, 'reset');
    await field(person.page, words.profile.password.next).fill(NEXT);
    await press(person.page, words.recovery.reset.submit);
    await page.getByText(words.recovery.reset.doneText).waitFor();
    await expectAccessible(person, 'reset, done');
    await page.getByRole('link', { name: words.account.signIn.submit }).click();
    await signIn(person, email, NEXT);
    await page.getByTestId('balance').waitFor();
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('a person changes address and password, takes the data along, and leaves for a while', async () => {
    const person = await visit(look);
    const { page, words } = person;
    const { profile } = words;
    const { email } = await signUp(person);
    await openAccount(person);
    await page.getByText(fill(profile.email.present, { email })).waitFor();
    await expectAccessible(person, 'account');

    const next = newEmail();
    await field(person.page, profile.email.next).fill(next);
    await press(person.page, profile.email.submit);
    await page.getByText(fill(profile.email.codeText, { email: next })).waitFor();
    await field(person.page, profile.email.code).fill(await mailed(person, next, CODE));
    await press(person.page, profile.email.confirm);
    await page.getByText(fill(profile.email.done, { email: next })).waitFor();
    await page.getByText(fill(profile.email.present, { email: next })).waitFor();

    await field(person.page, profile.password.present).fill(PASSWORD);
    await field(person.page, profile.password.next).fill(NEXT);
    await press(person.page, profile.password.submit);
    await page.getByText(profile.password.done).waitFor();
    await expectAccessible(person, 'account, changed');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(person.page, profile.data.download),
    ]);
    const held = z.object({ account: z.object({ email: z.string() }) });
    expect(held.parse(JSON.parse(readFileSync(await download.path(), 'utf8'))).account.email).toBe(next);

    await press(person.page, profile.remove.open);
    await expectAccessible(person, 'the question whether to delete');
    await press(person.page, profile.remove.confirm);
    await page.getByRole('heading', { name: words.account.signIn.title }).waitFor();
    await signIn(person, next, NEXT);
    await page.getByTestId('balance').waitFor();
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('the language of an account is chosen on its page, for mails and pages', async () => {
  const person = await visit();
  const { page, words } = person;
  const { email } = await signUp(person);
  await openAccount(person);
  await page.getByRole('combobox', { name: words.profile.language.label }).selectOption('th');
  await page.getByText(th.profile.language.done).waitFor();
  await page.locator('html[lang=th]').waitFor();
  await person.context.request.post('/api/v1/auth/forgot-password', { data: { email } });
  expect(await mailed(person, email, /<h2>([^<]+)</)).toMatch(/[\u0E00-\u0E7F]/);
  await person.context.close();
});

it('a link without its token says so, and leads to a new one', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto('/reset');
  await page.getByText(words.recovery.reset.noToken).waitFor();
  await expectAccessible(person, 'reset without a link');
  await page.getByRole('link', { name: words.recovery.reset.again }).click();
  await page.getByRole('heading', { name: words.recovery.forgot.title }).waitFor();
  await person.context.close();
});
