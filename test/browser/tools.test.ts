import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { administratorAt, field, press, said, signUp } from './steps.ts';
import { expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

const toolOf = ({ page }: Visit, name: string) => page.getByRole('listitem').filter({ hasText: `__${name}` });

const newName = () => `s-${randomUUID().slice(0, 8)}`;
const address = () => `http://127.0.0.1:${inject('vendorPort')}/mcp`;

const tool = (name: string, description: string) => ({
  ...{ name, definition: { description, inputSchema: { type: 'object' } }, hash: '0'.repeat(64) },
});
const FOUND = {
  ...{ protocolVersion: '2026-07-28', server: { name: 'notes', version: '1' }, leftOut: 0 },
  tools: [tool('read_note', 'Reads a note.'), tool('write_note', 'Writes a note.')],
};

/** On the page, with a server that answers as this test says. */
async function onTools(look?: Look): Promise<Visit> {
  const administrator = await visit(look);
  await administrator.page.route('**/mcp-servers/check', (route) => route.fulfill({ json: FOUND }));
  await administrator.page.route('**/mcp-servers/health', (route) => route.fulfill({ json: { items: [] } }));
  return administratorAt(administrator, '/admin/tools');
}

/** Tests a server, and adds it with both of its tools. */
async function add(administrator: Visit, name: string, secret: string): Promise<void> {
  const { page, words } = administrator;
  const { create, done, form } = words.tools;
  const dialog = page.getByRole('dialog');
  await press(page, create);
  await field(dialog, form.name).fill(name);
  await field(dialog, form.url).fill(address());
  await press(dialog, form.add);
  await field(dialog, fill(form.secretName, { place: '1' })).fill('authorization');
  await field(dialog, fill(form.secretValue, { place: '1' })).fill(secret);
  await press(dialog, form.test);
  await dialog.getByText(fill(form.answered, { count: '2' })).waitFor();
  for (const { name: found } of FOUND.tools) await field(dialog, found).check();
  await expectAccessible(administrator, 'a new server with its tools');
  await press(dialog, form.submit);
  await said(administrator, done.create, { name });
}

async function remove(administrator: Visit, name: string): Promise<void> {
  const { page, words } = administrator;
  const { act, remove: asked } = words.tools;
  await press(page, fill(act.deleteNamed, { name }));
  await page.getByRole('dialog').getByText(fill(asked.text, { name })).waitFor();
  await expectAccessible(administrator, 'a server before it is deleted');
  await press(page.getByRole('dialog'), asked.confirm);
  await page.getByRole('heading', { level: 1, name: words.tools.title }).waitFor();
  await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' });
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator tests a server, adds it, and says who may use its tools', async () => {
    const administrator = await onTools(look);
    const { page, words } = administrator;
    const { act, create, done, form, list, rules, states, toolStates } = words.tools;
    const [name, secret] = [newName(), `secret-${randomUUID()}`];
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: create }).waitFor();
    await expectAccessible(administrator, 'tools');
    await press(page, create);
    await press(dialog, form.submit);
    await dialog.getByText(words.forms.errors.required).first().waitFor();
    await dialog.getByText(form.transportMistake).waitFor();
    await expectAccessible(administrator, 'a new server with mistakes');
    await press(dialog, form.cancel);

    await add(administrator, name, secret);
    await expectAccessible(administrator, 'servers with one');
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByText(states.on, { exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);

    const read = toolOf(administrator, 'read_note');
    await read.getByText(toolStates.approved, { exact: true }).waitFor();
    await read.getByText(list.definition).click();
    await expectAccessible(administrator, 'a server with its tools');
    await press(page, fill(act.withdrawNamed, { name: 'read_note' }));
    await said(administrator, done.withdraw, { name: 'read_note' });
    await read.getByText(toolStates.waiting, { exact: true }).waitFor();
    await press(page, list.approveAll);
    await said(administrator, done.approveAll);
    await read.getByText(toolStates.approved, { exact: true }).waitFor();

    await press(page, fill(act.rulesNamed, { name: 'read_note' }));
    await field(dialog, rules.permission).selectOption('users:read');
    await field(dialog, 'manager').check();
    await field(dialog, rules.confirm).check();
    await field(dialog, rules.confirmAbove).fill('x');
    await press(dialog, form.save);
    await dialog.getByText(words.forms.errors.invalid).waitFor();
    await expectAccessible(administrator, 'the rules of a tool');
    await field(dialog, rules.confirmAbove).fill('1.5');
    await press(dialog, form.save);
    await said(administrator, done.rules, { name: 'read_note' });
    await read.getByText(`users:read · manager · ${list.asks}`).waitFor();

    await remove(administrator, name);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('a server is changed and switched off; a program is one that is allowed', async () => {
    const administrator = await onTools(look);
    const { page, words } = administrator;
    const { act, done, form, states, transports } = words.tools;
    const [name, next] = [newName(), newName()];
    const dialog = page.getByRole('dialog');
    await add(administrator, name, 'one');
    await page.getByRole('link', { name, exact: true }).click();
    await press(page, fill(act.changeNamed, { name }));
    await dialog.getByText(fill(form.secretsKept, { names: 'authorization' })).waitFor();
    await expectAccessible(administrator, 'a server that is changed');
    await field(dialog, form.url).fill(`${address()}/elsewhere`);
    await press(dialog, form.save);
    await dialog.getByRole('alert').getByText(form.anew).waitFor();
    await field(dialog, form.type).selectOption('stdio');
    await field(dialog, form.command).selectOption('/opt/mcp/server');
    await field(dialog, form.args).fill('--root\n/data');
    await press(dialog, form.add);
    await field(dialog, fill(form.secretName, { place: '1' })).fill('PATH');
    await field(dialog, fill(form.secretValue, { place: '1' })).fill('/tmp');
    await press(dialog, form.save);
    await dialog.getByText(form.transportMistake).waitFor();
    await field(dialog, fill(form.secretName, { place: '1' })).fill('TOKEN');
    await expectAccessible(administrator, 'a program that is typed');
    await field(dialog, form.name).fill(next);
    await press(dialog, form.save);
    await said(administrator, done.change, { name: next });
    await page.getByText('/opt/mcp/server --root /data').waitFor();
    await page.getByText(transports.stdio).waitFor();

    await press(page, fill(act.offNamed, { name: next }));
    await said(administrator, done.off, { name: next });
    await page.getByText(states.off, { exact: true }).waitFor();
    await press(page, fill(act.onNamed, { name: next }));
    await said(administrator, done.on, { name: next });
    await remove(administrator, next);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('a profile is made of tools that were seen, changed, and deleted', async () => {
    const administrator = await onTools(look);
    const { page, words } = administrator;
    const { act, done, form, profiles } = words.tools;
    const [server, name] = [newName(), newName()];
    const dialog = page.getByRole('dialog');
    await add(administrator, server, 'one');
    await press(page, profiles.create);
    await field(dialog, profiles.name).fill('hub');
    await press(dialog, profiles.submit);
    await dialog.getByText(words.forms.errors.invalid).waitFor();
    await field(dialog, profiles.name).fill(name);
    await field(dialog, `${server}__read_note`).check();
    await expectAccessible(administrator, 'a new profile');
    await press(dialog, profiles.submit);
    await said(administrator, done.create, { name });
    const row = page.getByRole('listitem').filter({ hasText: `/mcp/${name}` });
    await row.getByText(fill(profiles.count, { count: '1' })).waitFor();
    await press(page, fill(act.changeNamed, { name }));
    await field(dialog, `${server}__write_note`).check();
    await field(dialog, profiles.titled).fill('Notes');
    await field(dialog, profiles.content).selectOption(server);
    await press(dialog, form.save);
    await said(administrator, done.change, { name });
    await row.getByText(fill(profiles.count, { count: '2' })).waitFor();
    await expectAccessible(administrator, 'a profile');
    await press(page, fill(act.changeNamed, { name }));
    expect(await field(dialog, profiles.content).inputValue()).toBe(server);
    await press(dialog, form.cancel);
    await press(page, fill(act.deleteNamed, { name }));
    await press(dialog, profiles.removeConfirm);
    await said(administrator, done.delete, { name });
    await page.getByRole('link', { name: server, exact: true }).click();
    await remove(administrator, server);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

it('whoever may not configure tools sees none of this', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person, { at: '/admin/tools', grants: { 'services:read': 'any' } });
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  await page.getByRole('link', { name: words.shell.nav.prices }).waitFor();
  expect(await page.getByRole('link', { name: words.shell.nav.tools, exact: true }).count()).toBe(0);
  await person.context.close();
});
