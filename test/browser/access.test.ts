import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { administratorAt, goTo, register, signUp } from './steps.ts';
import { arrived, expectAccessible, fill, LOOKS, visitors } from './visit.ts';

const visit = visitors();

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator makes a role, gives it, takes it, deletes it, and finds all of it in the log', async () => {
    const { userId } = await register();

    const person = await visit(look);
    const { page, words } = person;
    const dialog = page.getByRole('dialog');
    await administratorAt(person, '/admin/roles');
    await page.getByRole('link', { name: 'superadmin' }).waitFor();
    await expectAccessible(person, 'roles');

    const name = `finance-${randomUUID().slice(0, 8)}`;
    await page.getByRole('button', { name: words.roles.create }).click();
    await page.getByLabel(words.roles.form.name).fill(name);
    await page.getByLabel(words.roles.form.level).fill('lots');
    await page.getByLabel(words.roles.form.description).fill('ฝ่ายการเงิน');
    await page.getByRole('button', { name: words.roles.form.submit }).click();
    await page.getByText(words.forms.errors.invalid).waitFor();
    await expectAccessible(person, 'a new role with a mistake');
    await page.getByLabel(words.roles.form.level).fill('45');
    await page.getByRole('button', { name: words.roles.form.submit }).click();

    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByLabel('usage:read').selectOption('any');
    await page.getByRole('button', { name: words.roles.form.save, exact: true }).click();
    await page.getByText(words.roles.form.saved).waitFor();
    await page.getByText(words.roles.people.empty).waitFor();
    await expectAccessible(person, 'a role');
    await page.reload();
    await arrived(person);
    expect(await page.getByLabel('usage:read').inputValue()).toBe('any');

    await page.getByLabel(words.roles.people.id).fill(userId);
    await page.getByRole('button', { name: words.roles.people.add }).click();
    await page.getByText(words.roles.people.added).waitFor();
    expect(await page.getByRole('row').filter({ hasText: userId }).count()).toBe(1);
    await expectAccessible(person, 'a role that somebody has');

    await page.getByRole('button', { name: words.roles.remove.open }).click();
    await dialog.getByRole('button', { name: words.roles.remove.confirm }).click();
    await page.getByText(words.problems.codes['role-in-use']).waitFor();
    await expectAccessible(person, 'a role that is in use');
    await page.getByRole('button', { name: words.roles.remove.keep }).click();
    await page.getByRole('button', { name: fill(words.roles.people.removeNamed, { id: userId }) }).click();
    await page.getByText(words.roles.people.removed).waitFor();
    await page.getByRole('button', { name: words.roles.remove.open }).click();
    await dialog.getByRole('button', { name: words.roles.remove.confirm }).click();
    await page.getByRole('heading', { level: 1, name: words.roles.title }).waitFor();
    await page.getByRole('link', { name }).waitFor({ state: 'detached' });

    await goTo(person, 'audit');
    await page.getByLabel(words.audit.filter.target).fill(userId);
    await page.getByRole('button', { name: words.audit.filter.apply, exact: true }).click();
    const taken = page.getByRole('row').filter({ hasText: 'role.taken' });
    await taken.waitFor();
    await taken.getByText(words.audit.details).click();
    await taken.getByText(words.audit.before, { exact: true }).waitFor();
    await taken.getByText(name).first().waitFor();
    await expectAccessible(person, 'the audit log');
    await page.getByRole('button', { name: words.audit.verify.check }).click();
    await page.getByText(words.audit.verify.whole.split('{{events}}')[0] ?? '').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: words.audit.export }).click();
    expect((await saved).suggestedFilename()).toBe('audit.csv');

    await page.getByLabel(words.audit.filter.action, { exact: true }).fill('nothing.happened');
    await page.getByRole('button', { name: words.audit.filter.apply, exact: true }).click();
    await page.getByText(words.audit.empty, { exact: true }).waitFor();
    await expectAccessible(person, 'an audit log without entries');
    expect(person.complaints).toEqual([]);
    await person.context.close();
  });
});

it('whoever may not read roles or the log is not shown the way, and is refused at the address', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person);
  await page.getByRole('navigation').getByRole('link', { name: words.shell.nav.models }).waitFor();
  for (const [path, place] of [
    ['/admin/roles', words.shell.nav.roles],
    ['/admin/audit', words.shell.nav.audit],
  ] as const) {
    await page.goto(path);
    await page.getByText(words.problems.codes.forbidden).first().waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: place }).count()).toBe(0);
    await expectAccessible(person, `${path} without the permission`);
  }
  await person.context.close();
});
