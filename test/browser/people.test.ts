import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { administratorAt, goTo, newEmail, register, said, signUp } from './steps.ts';
import { arrived, expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const onPeople = async (look?: Look) => administratorAt(await visit(look), '/admin/users');

const TOO_MANY = { status: 409, contentType: 'application/problem+json', json: { code: 'too-many-teams' } };

async function find(administrator: Visit, search: string) {
  const { page, words } = administrator;
  await page.getByLabel(words.users.search).fill(search);
  await page.getByRole('button', { name: words.users.searchSubmit }).click();
  await arrived(administrator);
}

async function choose(administrator: Visit, state: 'active' | 'disabled' | 'deleted' | '') {
  await administrator.page.getByLabel(administrator.words.users.state, { exact: true }).selectOption(state);
  await arrived(administrator);
}

const open = ({ page, words }: Visit, email: string) =>
  page.getByRole('button', { name: fill(words.users.openNamed, { email }) }).click();

/** Opens somebody, and does this to them. */
async function act(administrator: Visit, email: string, name: keyof Visit['words']['users']['act']) {
  const { page, words } = administrator;
  await open(administrator, email);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: words.users.act[name], exact: true }).click();
  await dialog.getByText(fill(words.users.confirm[name], { email })).waitFor();
  await dialog.getByRole('button', { name: words.users.act[name], exact: true }).click();
  await said(administrator, words.users.done[name], { email });
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator makes somebody, finds, disables, enables and deletes them', async () => {
    const administrator = await onPeople(look);
    const { page, words } = administrator;
    await page.getByRole('table').waitFor();
    await expectAccessible(administrator, 'people');

    const email = newEmail();
    await page.getByRole('button', { name: words.users.create }).click();
    await page.getByRole('button', { name: words.users.form.submit }).click();
    await page.getByText(words.forms.errors.email).waitFor();
    await expectAccessible(administrator, 'a new person with a mistake');
    await page.getByLabel(words.users.form.email, { exact: true }).fill(email);
    await page.getByRole('button', { name: words.users.form.submit }).click();
    await said(administrator, words.users.done.create, { email });

    await find(administrator, email.slice(0, 30).toUpperCase());
    expect(await page.getByRole('row').count()).toBe(2);
    await open(administrator, email);
    await expectAccessible(administrator, 'a person');
    await page.getByRole('dialog').getByRole('button', { name: words.users.act.delete }).click();
    await expectAccessible(administrator, 'a person before they are deleted');
    await page.keyboard.press('Escape');
    await act(administrator, email, 'disable');
    await page.getByRole('table').getByText(words.users.states.disabled).waitFor();
    await choose(administrator, 'active');
    await page.getByText(words.users.empty, { exact: true }).waitFor();
    await expectAccessible(administrator, 'nobody');
    await choose(administrator, 'disabled');
    await act(administrator, email, 'enable');
    await choose(administrator, '');
    await act(administrator, email, 'delete');
    await page.getByText(words.users.empty, { exact: true }).waitFor();
    await choose(administrator, 'deleted');
    await open(administrator, email);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: words.users.close, exact: true }).waitFor();
    expect(await dialog.getByRole('button').count()).toBe(1);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('an administrator makes a team, changes it, moves people, and deletes it', async () => {
    const { email } = await register();
    const administrator = await onPeople(look);
    const { page, words } = administrator;
    const manager = inject('administrator').email;
    const dialog = page.getByRole('dialog');
    await goTo(administrator, 'teams');

    const [name, next] = [`Team ${randomUUID()}`, `Other ${randomUUID()}`];
    await page.getByRole('button', { name: words.teams.create }).click();
    await page.getByLabel(words.teams.name, { exact: true }).fill(name);
    await page.getByLabel(words.teams.manager, { exact: true }).fill(newEmail());
    await page.getByRole('button', { name: words.teams.form.submit }).click();
    await page.getByText(words.teams.unknownPerson).waitFor();
    await expectAccessible(administrator, 'a team whose manager is not there');
    await page.getByLabel(words.teams.manager, { exact: true }).fill(manager);
    await page.getByLabel(words.teams.monthlyLimit, { exact: true }).fill('0.0000001');
    await page.getByRole('button', { name: words.teams.form.submit }).click();
    await page.getByText(words.forms.errors.invalid).waitFor();
    await page.getByLabel(words.teams.monthlyLimit, { exact: true }).fill('12.000001');
    await page.getByRole('button', { name: words.teams.form.submit }).click();
    await said(administrator, words.teams.done.create, { name });
    expect(await page.getByRole('row').filter({ hasText: name }).innerText()).toContain('12.000001');
    await expectAccessible(administrator, 'teams');

    await page.getByRole('button', { name: fill(words.teams.openNamed, { name }) }).click();
    await dialog.getByText(words.teams.noMembers).waitFor();
    await dialog.getByLabel(words.teams.add).fill(newEmail());
    await dialog.getByRole('button', { name: words.teams.addSubmit, exact: true }).click();
    await dialog.getByText(words.teams.unknownPerson).waitFor();
    await page.route('**/members/*', (route) => route.fulfill(TOO_MANY), { times: 1 });
    await dialog.getByLabel(words.teams.add).fill(email);
    await dialog.getByRole('button', { name: words.teams.addSubmit, exact: true }).click();
    await dialog.getByRole('alert').getByText(words.problems.codes['too-many-teams']).waitFor();
    await dialog.getByRole('button', { name: words.teams.addSubmit, exact: true }).click();
    const remove = dialog.getByRole('button', { name: fill(words.teams.removeNamed, { email }) });
    await remove.waitFor();
    await expectAccessible(administrator, 'a team with a member');
    await remove.click();
    await dialog.getByText(words.teams.noMembers).waitFor();

    await dialog.getByRole('button', { name: words.teams.form.change, exact: true }).click();
    await dialog.getByLabel(words.teams.name, { exact: true }).fill(next);
    await dialog.getByLabel(words.teams.manager, { exact: true }).fill('');
    expect(await dialog.getByLabel(words.teams.monthlyLimit, { exact: true }).inputValue()).toBe('12.000001');
    await dialog.getByLabel(words.teams.monthlyLimit, { exact: true }).fill('');
    await expectAccessible(administrator, 'a team that is changed');
    await dialog.getByRole('button', { name: words.teams.form.save }).click();
    await dialog.getByRole('heading', { name: next }).waitFor();
    await dialog.getByText(`${words.teams.manager}: ${words.teams.noManager}`).waitFor();
    await dialog.getByText(`${words.teams.monthlyLimit}: ${words.teams.noLimit}`).waitFor();

    await dialog.getByRole('button', { name: words.teams.delete, exact: true }).click();
    await dialog.getByText(fill(words.teams.confirmDelete, { name: next })).waitFor();
    await expectAccessible(administrator, 'a team before it is deleted');
    await dialog.getByRole('button', { name: words.teams.delete, exact: true }).click();
    await said(administrator, words.teams.done.delete, { name: next });
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

it('somebody who is disabled is out at the next click', async () => {
  const person = await visit();
  const { email } = await signUp(person);
  const administrator = await onPeople();
  await find(administrator, email);
  await act(administrator, email, 'disable');
  await person.page.getByRole('link', { name: person.words.shell.nav.keys, exact: true }).click();
  await person.page.getByRole('button', { name: person.words.account.signIn.submit }).waitFor();
  await person.context.close();
  await administrator.context.close();
});

it('the own account cannot be changed here, and people without the permission see no administration', async () => {
  const administrator = await onPeople();
  const { email } = inject('administrator');
  await find(administrator, email);
  await open(administrator, email);
  await administrator.page.getByText(administrator.words.users.self).waitFor();
  expect(await administrator.page.getByRole('dialog').getByRole('button').count()).toBe(1);
  await administrator.context.close();

  const person = await visit();
  const { page, words } = person;
  await signUp(person);
  expect(await page.getByText(words.shell.nav.administration).count()).toBe(0);
  await page.goto('/admin/users');
  await page.getByRole('table').waitFor();
  expect(await page.getByRole('row').count()).toBe(2); // the head, and oneself
  expect(await page.getByRole('button', { name: words.users.create }).count()).toBe(0);
  await person.context.close();
});
