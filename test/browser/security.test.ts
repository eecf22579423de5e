import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addVirtualAuthenticator, codeOf } from './authenticators.ts';
import { addPasskey, goTo, PASSWORD, signOut, signUp, turnOnTotp } from './steps.ts';
import {
  arrived,
  expectAccessible,
  fill,
  hubUrl,
  LOOKS,
  named,
  PLAIN,
  type Visit,
  visitors,
} from './visit.ts';

const visit = visitors();

/** Types name and password on the sign-in page. */
async function signInAs({ page, words }: Visit, email: string): Promise<void> {
  await page.getByLabel(words.account.fields.email).fill(email);
  await page.getByLabel(words.account.fields.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: words.account.signIn.submit, exact: true }).click();
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('a person sets up an authenticator app and a passkey, and signs in with each', async () => {
    const person = await visit(look, named(hubUrl()));
    const { page, words } = person;
    await addVirtualAuthenticator(page);
    const { email } = await signUp(person, { at: '/security' });
    await page.getByText(words.security.totp.off, { exact: true }).waitFor();
    await page.getByText(words.security.passkeys.empty).waitFor();
    await page.getByText(words.security.sessions.current).waitFor();
    await expectAccessible(person, 'security');

    const { secret, codes } = await turnOnTotp(person);
    expect(codes).toHaveLength(10);
    await expectAccessible(person, 'recovery codes');
    await page.getByRole('button', { name: words.shell.copy.copy, exact: true }).click();
    await page.getByRole('button', { name: words.shell.copy.copied }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: words.security.recovery.download }).click();
    expect(await readFile(await (await saved).path(), 'utf8')).toBe(`${codes.join('\n')}\n`);
    expect((await page.evaluate(() => navigator.clipboard.readText())).trim()).toBe(codes.join('\n'));
    await page.getByRole('button', { name: words.security.recovery.done }).click();
    await page.getByText(words.security.totp.on, { exact: true }).waitFor();
    expect(await page.content()).not.toContain(codes[0]);

    await signOut(person);
    await signInAs(person, email);
    await page.getByRole('heading', { name: words.security.second.title }).waitFor();
    await expectAccessible(person, 'the second step');
    await page.keyboard.type(codeOf(secret, 1));
    await page.keyboard.press('Enter');
    await page.getByText(words.security.totp.on, { exact: true }).waitFor();

    await addPasskey(person, 'work laptop');
    await expectAccessible(person, 'security with everything on');

    await signOut(person);
    await page.getByRole('button', { name: words.security.passkeys.signIn }).click();
    const session = page.getByRole('listitem').filter({ hasText: words.security.sessions.current });
    await session.getByText(words.security.sessions.ways.passkey, { exact: true }).waitFor();

    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('a recovery code signs in, once', async () => {
  const person = await visit();
  const { page, words } = person;
  const { email } = await signUp(person, { at: '/security' });
  const [code = ''] = (await turnOnTotp(person)).codes;
  await page.getByRole('button', { name: words.security.recovery.done }).click();
  const signInByRecovery = async () => {
    await signOut(person);
    await signInAs(person, email);
    await page.getByRole('button', { name: words.security.second.useRecovery }).click();
    await page.getByLabel(words.security.second.recoveryCode, { exact: true }).fill(code);
    await page.getByRole('button', { name: words.security.second.submit, exact: true }).click();
  };
  await signInByRecovery();
  await goTo(person, 'security');
  await page.getByText(fill(words.security.totp.codesLeft, { left: '9' })).waitFor();
  await signInByRecovery();
  await page.getByText(words.problems.codes['invalid-code']).waitFor();
  await page.getByRole('button', { name: words.security.second.restart }).click();
  await page.getByRole('heading', { name: words.account.signIn.title }).waitFor();
  await person.context.close();
});

describe('what needs a fresh proof', () => {
  const wanted = { status: 403, contentType: 'application/problem+json', json: { code: 'step-up-required' } };

  it('asks for the password, and goes on by itself', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person, { at: '/security' });
    await page.route('**/api/v1/auth/totp', (route) => route.fulfill(wanted), { times: 1 });
    await page.getByRole('button', { name: words.security.totp.turnOn }).click();
    const dialog = page.getByRole('dialog', { name: words.security.stepUp.title });
    await dialog.waitFor();
    await expectAccessible(person, 'the question who it is');
    const password = dialog.getByLabel(words.account.fields.password, { exact: true });
    await password.fill('not the password');
    await page.keyboard.press('Enter');
    await dialog.getByText(words.problems.codes['invalid-credentials']).waitFor();
    await password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: words.security.totp.qr }).waitFor();
    await expectAccessible(person, 'the set-up of an authenticator app');
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });

  it('says so when the person would rather not', async () => {
    const person = await visit();
    const { page, words } = person;
    await signUp(person, { at: '/security' });
    await page.route('**/api/v1/auth/totp', (route) => route.fulfill(wanted), { times: 1 });
    await page.getByRole('button', { name: words.security.totp.turnOn }).click();
    await page.getByRole('dialog', { name: words.security.stepUp.title }).waitFor();
    await arrived(person);
    await page.getByRole('button', { name: words.security.stepUp.cancel }).click();
    await page.getByText(words.problems.codes['step-up-required']).waitFor();
    await person.context.close();
  });

  it('takes a code and a passkey of whoever has them', async () => {
    const person = await visit(PLAIN, named(hubUrl()));
    const { page, words } = person;
    const authenticator = await addVirtualAuthenticator(page);
    await signUp(person, { at: '/security' });
    await addPasskey(person, 'phone');
    const { secret } = await turnOnTotp(person);
    await page.getByRole('button', { name: words.security.recovery.done }).click();

    await page.route('**/api/v1/auth/totp/recovery-codes', (route) => route.fulfill(wanted), { times: 1 });
    await page.getByRole('button', { name: words.security.totp.newCodes }).click();
    const dialog = page.getByRole('dialog', { name: words.security.stepUp.title });
    await authenticator.recognises(false);
    await dialog.getByRole('button', { name: words.security.stepUp.passkey }).click();
    await dialog.getByText(words.problems.passkey.cancelled).waitFor();
    await authenticator.recognises(true);
    await dialog.getByRole('button', { name: words.security.stepUp.passkey }).click();
    await page.getByRole('list', { name: words.security.recovery.label }).waitFor();
    await page.getByRole('button', { name: words.security.recovery.done }).click();

    await page.route('**/api/v1/auth/totp', (route) => route.fulfill(wanted), { times: 1 });
    await page.getByRole('button', { name: words.security.totp.turnOff }).click();
    await page.getByRole('button', { name: words.security.totp.offConfirm }).click();
    await dialog.getByLabel(words.security.totp.code, { exact: true }).fill(codeOf(secret, 1));
    await page.keyboard.press('Enter');
    await page.getByText(words.security.totp.off, { exact: true }).waitFor();
    await person.context.close();
  });
});

it('a passkey is renamed and removed, and another device is signed out from here', async () => {
  const person = await visit(PLAIN, named(hubUrl()));
  const { page, words } = person;
  await addVirtualAuthenticator(page);
  const { email } = await signUp(person, { at: '/security' });
  await addPasskey(person, 'phone');
  await page
    .getByRole('button', { name: fill(words.security.passkeys.renameNamed, { name: 'phone' }) })
    .click();
  await page.getByLabel(words.security.passkeys.name, { exact: true }).fill('tablet');
  await page.getByRole('button', { name: words.security.passkeys.save }).click();
  await page
    .getByRole('button', { name: fill(words.security.passkeys.removeNamed, { name: 'tablet' }) })
    .click();
  await expectAccessible(person, 'the question whether to remove a passkey');
  await page.getByRole('button', { name: words.security.passkeys.removeConfirm }).click();
  await page.getByText(words.security.passkeys.empty).waitFor();

  const other = await visit();
  await other.page.goto('/sign-in');
  await signInAs(other, email);
  await other.page.getByTestId('balance').waitFor();
  await page.reload();
  await arrived(person);
  await page.getByRole('button', { name: /^Sign out .* on / }).click();
  await page.getByRole('status').filter({ hasText: 'signed out' }).waitFor();
  await other.page.reload();
  await other.page.getByRole('button', { name: words.account.signIn.submit, exact: true }).waitFor();
  await Promise.all([person.context.close(), other.context.close()]);
});

it('where browsers offer no passkeys, the pages say so and do not offer any', async () => {
  const person = await visit();
  const { page, words } = person;
  await page.goto('/sign-in');
  await page.getByRole('button', { name: words.account.signIn.submit, exact: true }).waitFor();
  expect(await page.getByRole('button', { name: words.security.passkeys.signIn }).count()).toBe(0);
  await signUp(person, { at: '/security' });
  await page.getByText(words.security.passkeys.needName).waitFor();
  expect(await page.getByRole('button', { name: words.security.passkeys.add }).count()).toBe(0);
  await person.context.close();
});
