import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { administratorAt, field, press, rowOf, said, signUp } from './steps.ts';
import { expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

/** What every key of these tests begins with that the vendor knows. */
const KNOWN = 'sk-known-';

let vendor: Server;
beforeAll(async () => {
  vendor = createServer((request, response) => {
    const isKnown = request.headers.authorization?.startsWith(`Bearer ${KNOWN}`) ?? false;
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: [{ id: 'large' }, { id: 'small' }] }));
  }).listen(inject('vendorPort'), '127.0.0.1');
  await once(vendor, 'listening');
});
afterAll(() => void vendor.close());

const newName = () => `p-${randomUUID().slice(0, 8)}`;
const newKey = () => KNOWN + randomUUID();
const address = () => `http://127.0.0.1:${inject('vendorPort')}/v1`;

const onProviders = async (look?: Look) => administratorAt(await visit(look), '/admin/providers');

/** Fills in the form for a new provider, and has it tested. */
async function test({ page, words }: Visit, typed: { name: string; url: string; key: string }) {
  const { providers } = words;
  const dialog = page.getByRole('dialog');
  await field(dialog, providers.name).fill(typed.name);
  await field(dialog, providers.address).fill(typed.url);
  await field(dialog, providers.keys).fill(typed.key);
  await press(dialog, providers.form.test);
  return dialog;
}

/** Adds a provider with one of the models that it says it has. */
async function add(administrator: Visit, name: string, key = newKey()): Promise<void> {
  const { page, words } = administrator;
  const { create, done, form, models } = words.providers;
  await press(page, create);
  const dialog = await test(administrator, { name, key, url: address() });
  await dialog.getByText(fill(form.answered, { count: '2' })).waitFor();
  await field(dialog, models.found).selectOption('small');
  await press(dialog, form.submit);
  await said(administrator, done.create, { name });
}

async function remove(administrator: Visit, name: string): Promise<void> {
  const { page, words } = administrator;
  const { act, done, remove: asked } = words.providers;
  await press(page, fill(act.deleteNamed, { name }));
  await page.getByRole('dialog').getByText(fill(asked.text, { name })).waitFor();
  await expectAccessible(administrator, 'a provider before it is deleted');
  await press(page.getByRole('dialog'), asked.confirm);
  await said(administrator, done.delete, { name });
  expect(await rowOf(administrator, name).count()).toBe(0);
}

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator tests a provider and adds it, and its key is never seen again', async () => {
    const administrator = await onProviders(look);
    const { page, words } = administrator;
    const { create, form, models, states, done } = words.providers;
    const [name, key] = [newName(), newKey()];
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: create }).waitFor();
    await expectAccessible(administrator, 'providers');
    await press(page, create);
    await press(dialog, form.submit);
    await dialog.getByText(words.forms.errors.required).first().waitFor();
    await dialog.getByText(models.mistake).waitFor();
    await expectAccessible(administrator, 'a new provider with mistakes');

    const refusals = dialog.getByRole('alert');
    await test(administrator, { name, key, url: 'http://10.0.0.1/v1' });
    await refusals.getByText(form.refused).waitFor();
    await test(administrator, { name, key: 'sk-unknown', url: address() });
    await refusals.getByText(words.problems.codes['provider-key-refused']).waitFor();
    await expectAccessible(administrator, 'a provider that refuses a key');
    await test(administrator, { name, key, url: address() });
    await dialog.getByText(fill(form.answered, { count: '2' })).waitFor();
    await field(dialog, models.found).selectOption('small');
    await dialog.getByText(models.more).click();
    await field(dialog, models.capabilities.vision).check();
    await expectAccessible(administrator, 'a new provider with a model');
    await press(dialog, form.submit);
    await said(administrator, done.create, { name });
    const row = rowOf(administrator, name);
    await row.getByText(states.on, { exact: true }).waitFor();
    await row
      .getByText(`…${key.slice(-4)}`)
      .filter({ visible: true })
      .waitFor();
    expect(await page.content()).not.toContain(key);
    await expectAccessible(administrator, 'providers with one');
    await remove(administrator, name);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('a provider is changed, switched off and on, and moved', async () => {
    const administrator = await onProviders(look);
    const { page, words } = administrator;
    const { act, done, form, models, states } = words.providers;
    const [first, second, next] = [newName(), newName(), newName()];
    await add(administrator, first);
    await add(administrator, second);
    const names = async () =>
      (await page.getByRole('row').allInnerTexts()).flatMap(
        (text) => [first, second, next].find((name) => text.includes(name)) ?? [],
      );
    expect(await names(), 'the list at the moment in which it is said').toEqual([first, second]);
    await press(page, fill(act.upNamed, { name: second }));
    await said(administrator, done.move, { name: second });
    expect(await names()).toEqual([second, first]);

    await press(page, fill(act.changeNamed, { name: first }));
    const dialog = page.getByRole('dialog');
    await expectAccessible(administrator, 'a provider that is changed');
    await field(dialog, words.providers.address).fill(`${address()}/elsewhere`);
    await press(dialog, form.save);
    await dialog.getByRole('alert').getByText(form.keysAnew).waitFor();
    await field(dialog, words.providers.keys).fill(newKey());
    await field(dialog, words.providers.name).fill(next);
    await press(dialog, models.add);
    await field(dialog, models.id).last().fill('by-hand');
    await press(dialog, form.save);
    await said(administrator, done.change, { name: next });
    await rowOf(administrator, next).getByText('by-hand').filter({ visible: true }).waitFor();

    await press(page, fill(act.offNamed, { name: next }));
    await said(administrator, done.off, { name: next });
    await rowOf(administrator, next).getByText(states.off, { exact: true }).waitFor();
    await press(page, fill(act.onNamed, { name: next }));
    await said(administrator, done.on, { name: next });
    for (const name of [next, second]) await remove(administrator, name);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('what the environment names is shown, and what answers on this machine is added by one press', async () => {
    const administrator = await onProviders(look);
    const { page, words } = administrator;
    const { local, states } = words.providers;
    const fixed = {
      ...{ name: 'fixed', format: 'anthropic', baseUrl: 'https://vendor.example', active: true, keyCount: 1 },
      ...{ models: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }], outputLimitField: 'max_tokens' },
      maxConcurrent: 256,
    };
    await page.route('**/providers/environment', (route) => route.fulfill({ json: { items: [fixed] } }));
    const found = { baseUrl: address(), models: ['llama3:8b'] };
    await page.route('**/providers/local', (route) => route.fulfill({ json: { items: [found] } }));
    await page.reload();
    const row = rowOf(administrator, 'fixed');
    await row.getByText(states.environment).waitFor();
    await page.getByText(local.title).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    await expectAccessible(administrator, 'a provider of the environment, and one of this machine');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await press(page, local.add);
    expect((await sent).postDataJSON()).toEqual({
      ...{ name: `local-${inject('vendorPort')}`, baseUrl: address(), models: [{ id: 'llama3:8b' }] },
    });
    await page.getByRole('alert').getByText(words.problems.codes['provider-key-refused']).waitFor(); // of this vendor
    await administrator.context.close();
  });
});

it('that something is done is said once the list shows it, not before', async () => {
  const administrator = await onProviders();
  const { page } = administrator;
  const name = newName();
  const early: boolean[] = [];
  await page.route('**/api/v1/providers', async (route) => {
    const { length } = await page.getByRole('status').getByText(name).all();
    if (route.request().method() === 'GET') early.push(length > 0);
    await route.continue();
  });
  await add(administrator, name);
  expect(await rowOf(administrator, name).count()).toBe(1);
  await page.reload();
  await remove(administrator, name);
  expect(early).toEqual([false, false, false]); // after it was added, on the new page, after it was deleted
  await administrator.context.close();
});

it('whoever may not configure services sees no providers', async () => {
  const person = await visit();
  const { page, words } = person;
  await signUp(person, { at: '/admin/providers', grants: { 'services:read': 'any' } });
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  await page.getByRole('link', { name: words.shell.nav.prices }).waitFor();
  expect(await page.getByRole('link', { name: words.shell.nav.providers }).count()).toBe(0);
  await person.context.close();
});
