import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  administratorAt,
  allow,
  asAdministrator,
  field,
  focused,
  press,
  register,
  said,
  signUp,
} from './steps.ts';
import { arrived, expectAccessible, fill, type Look, LOOKS, type Visit, visitors } from './visit.ts';

const visit = visitors();

/** What arrived at somebody's program, each by its path and the id of its event. */
const received: { path: string; eventId: string }[] = [];
const heardAt = (address: string) =>
  received.filter(({ path }) => address.endsWith(path)).map(({ eventId }) => eventId);
const somethingHeardAt = (address: string) =>
  expect.poll(() => heardAt(address).length, { timeout: 10_000 }).toBeGreaterThan(0);

let receiver: Server;
beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push({ path: request.url ?? '', eventId: String(request.headers['webhook-id']) });
    response.writeHead(204).end();
  }).listen(inject('receiverPort'), '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(() => void receiver.close());

const onWebhooks = async (look?: Look) => administratorAt(await visit(look), '/webhooks');

/** An address of the program, which nobody else uses. */
const newAddress = () => `http://127.0.0.1:${inject('receiverPort')}/${randomUUID()}`;

/** Fills in the form for a new webhook that hears of people who sign up, which is open, and sends it. */
async function submitNew({ page, words }: Visit, address: string): Promise<Locator> {
  const dialog = page.getByRole('dialog');
  await field(dialog, words.webhooks.address).fill(address);
  await field(dialog, words.webhooks.events.user.created).check();
  await press(dialog, words.webhooks.form.submit);
  return dialog;
}

/** Makes a webhook, opens its page, and answers its secret. */
async function make(administrator: Visit, address: string): Promise<string> {
  const { page, words } = administrator;
  await press(page, words.webhooks.create);
  const dialog = await submitNew(administrator, address);
  const secret = await field(dialog, words.webhooks.made.label).innerText();
  await press(dialog, words.webhooks.made.done);
  await page.getByRole('link', { name: address }).click();
  await page.getByRole('heading', { level: 1, name: words.webhooks.one }).waitFor();
  await arrived(administrator);
  return secret;
}

/** Has the webhook whose page is open hear of nobody else who signs up: other tests do, and rows would move. */
async function hearNoMore({ page, context: { request } }: Visit): Promise<void> {
  const webhookId = new URL(page.url()).pathname.split('/').at(-1);
  const data = { events: ['ledger.mismatch'] };
  const headers = await asAdministrator(request);
  const answer = await request.patch(`/api/v1/webhooks/${webhookId}`, { headers, data });
  expect(answer.status()).toBe(200);
}

async function remove({ page, words }: Visit, address: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await press(page, words.webhooks.act.delete);
  await dialog.getByText(fill(words.webhooks.remove.text, { url: address })).waitFor();
  await press(dialog, words.webhooks.remove.confirm);
  await page.getByRole('heading', { level: 1, name: words.webhooks.title }).waitFor();
  await page.getByRole('link', { name: address }).waitFor({ state: 'detached' });
}

const delivery = (more: Partial<WebhookDelivery>): WebhookDelivery => ({
  ...{ id: randomUUID(), eventId: randomUUID(), event: 'ledger.mismatch', state: 'failed', attempts: 3 },
  ...{ status: null, error: 'it could not be reached or broke off', endedAt: null },
  createdAt: '2026-05-01T10:00:00.000Z',
  ...more,
});

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('an administrator makes a webhook, whose secret is shown once', async () => {
    const administrator = await onWebhooks(look);
    const { page, words } = administrator;
    const { form, made } = words.webhooks;
    const dialog = page.getByRole('dialog');
    const address = newAddress();
    await page.getByRole('button', { name: words.webhooks.create }).waitFor();
    await expectAccessible(administrator, 'webhooks');
    await press(page, words.webhooks.create);
    await press(dialog, form.submit);
    await dialog.getByText(words.forms.errors.required).waitFor();
    await dialog.getByText(form.eventsMissing).waitFor();
    await expectAccessible(administrator, 'a new webhook with mistakes');
    await field(dialog, words.webhooks.address).fill(address);
    await page.keyboard.press('Enter');
    const group = dialog.getByRole('group', { name: words.webhooks.hears });
    await focused(administrator, group);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await field(dialog, words.webhooks.events.user.created).isChecked()).toBe(true);

    await submitNew(administrator, 'http://10.0.0.1/hook');
    await dialog.getByRole('alert').getByText(form.refused).waitFor();
    await expectAccessible(administrator, 'a webhook whose address is refused');
    await field(dialog, words.webhooks.description).fill('ระบบบัญชี');
    await submitNew(administrator, address);
    const secret = await field(dialog, made.label).innerText();
    expect(secret).toMatch(/^whsec_/);
    await press(dialog, words.shell.copy.copy);
    await dialog.getByRole('button', { name: words.shell.copy.copied }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    await expectAccessible(administrator, 'the secret of a webhook');
    await press(dialog, made.done);
    await said(administrator, words.webhooks.done.create);
    const row = page.getByRole('row').filter({ hasText: address });
    await row.getByText('ระบบบัญชี').waitFor();
    await row.getByText(words.webhooks.states.on, { exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);
    await expectAccessible(administrator, 'webhooks with one');
    await row.getByRole('link').click();
    await remove(administrator, address);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('a webhook is changed, switched off and on, and gets a new secret', async () => {
    const administrator = await onWebhooks(look);
    const { page, words } = administrator;
    const { act, done, form, states, made, rotate } = words.webhooks;
    const dialog = page.getByRole('dialog');
    const [address, next] = [newAddress(), newAddress()];
    const secret = await make(administrator, address);
    await press(page, act.change);
    await field(dialog, words.webhooks.address).fill(next);
    await field(dialog, words.webhooks.events.ledger.mismatch).check();
    await field(dialog, words.webhooks.events.user.created).uncheck();
    await expectAccessible(administrator, 'a webhook that is changed');
    await press(dialog, form.save);
    await said(administrator, done.change);
    const facts = page.locator('main dl');
    await facts.getByText(next).waitFor();
    await facts.getByText(words.webhooks.events.ledger.mismatch).waitFor();
    expect(await facts.getByText(words.webhooks.events.user.created).count()).toBe(0);

    await press(page, act.off);
    await said(administrator, done.off);
    await page.getByText(states.off, { exact: true }).waitFor();
    await press(page, act.on);
    await said(administrator, done.on);

    await press(page, act.rotate);
    await dialog.getByText(rotate.text).waitFor();
    await expectAccessible(administrator, 'a secret before it is replaced');
    await press(dialog, rotate.submit);
    const another = await field(dialog, made.label).innerText();
    expect(another).toMatch(/^whsec_/);
    expect(another).not.toBe(secret);
    await dialog.getByText(made.former.split('{{')[0]?.trim() ?? '').waitFor();
    await expectAccessible(administrator, 'a secret that was replaced');
    await press(dialog, made.done);
    await page.getByText(words.webhooks.formerUntil).waitFor();
    expect(await page.content()).not.toContain(another);
    await remove(administrator, next);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });

  it('what was sent is listed, and sent again', async () => {
    const administrator = await onWebhooks(look);
    const { page, words } = administrator;
    const { deliveries, events } = words.webhooks;
    const address = newAddress();
    await make(administrator, address);
    await field(page, deliveries.state).selectOption('failed'); // other tests sign people up meanwhile
    await page.getByText(deliveries.empty).waitFor();
    await expectAccessible(administrator, 'a webhook without deliveries');
    await register();
    await somethingHeardAt(address);
    await hearNoMore(administrator);
    await page.reload();
    await arrived(administrator);
    const rows = page.getByRole('row').filter({ hasText: events.user.created });
    await rows.filter({ hasText: deliveries.states.waiting }).first().waitFor({ state: 'detached' });
    await rows.first().getByText(deliveries.states.delivered, { exact: true }).waitFor();
    await expectAccessible(administrator, 'deliveries');
    await rows.last().getByRole('button').click();
    await said(administrator, deliveries.sent);
    const isTwice = () => new Set(heardAt(address)).size < heardAt(address).length;
    await expect.poll(isTwice, { timeout: 10_000 }).toBe(true); // the same id, so that the program can tell

    const pages = new Map([
      ['', { items: [delivery({}), delivery({ status: 500, error: 'answered 500' })], nextCursor: 'second' }],
      ['second', { items: [delivery({ event: 'moon.full' })], nextCursor: null }],
    ]);
    await page.route('**/deliveries?*state=failed*', (route) => {
      const cursor = new URL(route.request().url()).searchParams.get('cursor') ?? '';
      return route.fulfill({ json: pages.get(cursor) });
    });
    await field(page, deliveries.state).selectOption('failed');
    await page.getByText('it could not be reached or broke off').waitFor();
    await page.getByText('answered 500').waitFor();
    await page.getByRole('button', { name: words.shell.states.more }).click();
    await page.getByText('moon.full').first().waitFor(); // an event that this page does not know
    await expectAccessible(administrator, 'deliveries that failed');
    await remove(administrator, address);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

it('who may only read settings changes no webhook, and everybody else sees none', async () => {
  const administrator = await onWebhooks();
  const address = newAddress();
  await make(administrator, address);
  await register();
  await somethingHeardAt(address);
  await hearNoMore(administrator);
  const reader = await visit();
  const { page, words } = reader;
  const { userId } = await signUp(reader);
  expect(await page.getByRole('link', { name: words.shell.nav.webhooks }).count()).toBe(0);
  await page.goto('/webhooks');
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();

  await allow(reader, userId, { 'settings:read': 'any' });
  await page.getByRole('link', { name: address }).click();
  await page.getByRole('row').filter({ hasText: words.webhooks.events.user.created }).first().waitFor();
  expect(await page.locator('main').getByRole('button').count()).toBe(0);
  await page.goto(`/webhooks/${randomUUID()}`);
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  await remove(administrator, address);
  await administrator.context.close();
  await reader.context.close();
});
