import { randomUUID } from 'node:crypto';
import type { KeptMcpServer, McpServerHealth, ProviderHealth } from '@smart-ai-hub/shared/contracts';
import { describe, expect, it } from 'vitest';
import { administratorAt, allow, signUp } from './steps.ts';
import { expectAccessible, fill, LOOKS, visitors } from './visit.ts';

const visit = visitors();

const WELL: ProviderHealth = {
  ...{ name: 'steady', format: 'openai', state: 'up', since: '2026-11-22T10:00:00Z', lastFailure: null },
  ...{ calls: 1234, failed: 0, running: 3, waiting: 0, maxConcurrent: 256 },
  ...{ keys: 1, restingKeys: 0, answersInMs: 420 },
};
const ILL: ProviderHealth = {
  ...WELL,
  ...{ name: 'shaky', state: 'resting', calls: 5, failed: 5, keys: 2, restingKeys: 1, answersInMs: null },
  lastFailure: { code: 'provider-timeout', at: '2026-11-22T11:00:00Z' },
};

const SERVER: KeptMcpServer = {
  ...{ id: randomUUID(), name: 'notes', active: true, era: 'auto', perPerson: false, timeoutMs: 1_000 },
  ...{
    transport: { type: 'http', url: 'https://notes.example/mcp', headerNames: [] },
    maxResultBytes: 1_024,
  },
  ...{ secretsReadable: true, allowed: true, tools: { approved: 1, waiting: 0, changed: 0, gone: 0 } },
  ...{ createdAt: '2026-11-22T10:00:00Z', updatedAt: '2026-11-22T10:00:00Z' },
};
const OFF = { ...SERVER, id: randomUUID(), name: 'switched-off', active: false };
const DOWN: McpServerHealth = {
  ...{ serverId: SERVER.id, state: 'down', protocolVersion: null, open: 2, since: '2026-11-22T10:00:00Z' },
  error: `no answer from https://notes.example/${'a'.repeat(60)}`,
};

describe.each(LOOKS)('in $language, $theme, $width wide', (look) => {
  it('how providers answer is shown, and looked at again', async () => {
    const administrator = await visit(look);
    const { page, words } = administrator;
    const { status, problems } = words;
    let asked = [WELL, ILL];
    await page.clock.install();
    await page.route('**/providers/health', (route) => route.fulfill({ json: { items: asked } }));
    const servers = { items: [SERVER, OFF], stdioCommands: [] };
    await page.route('**/api/v1/mcp-servers', (route) => route.fulfill({ json: servers }));
    await page.route('**/mcp-servers/health', (route) => route.fulfill({ json: { items: [DOWN] } }));
    await administratorAt(administrator, '/admin/status');
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    const sees = (name: string, text: string) =>
      row(name).getByText(text).filter({ visible: true }).first().waitFor();
    await sees('steady', status.states.up);
    await sees('steady', fill(status.recentCalls, { calls: '1,234', failed: '0' }));
    await sees('steady', fill(status.loadOf, { running: '3', most: '256', waiting: '0' }));
    await sees('steady', fill(status.ms, { ms: '420' }));
    await sees('shaky', status.states.resting);
    await sees('shaky', fill(status.restingKeys, { resting: '1', keys: '2' }));
    await sees('shaky', problems.codes['provider-timeout']);
    await sees('shaky', status.unknown);
    await sees('notes', status.states.down);
    await sees('notes', DOWN.error ?? '');
    expect(await row('switched-off').count()).toBe(0);
    await expectAccessible(administrator, 'the status of providers');

    asked = [WELL, { ...ILL, state: 'up' }];
    await page.clock.fastForward(5_000);
    await sees('shaky', status.states.up);
    expect(administrator.complaints).toEqual([]);
    await administrator.context.close();
  });
});

it('before there is a provider, the page says so', async () => {
  const administrator = await visit();
  const { page, words } = administrator;
  await page.route('**/providers/health', (route) => route.fulfill({ json: { items: [] } }));
  await administratorAt(administrator, '/admin/status');
  await page.getByText(words.providers.empty).waitFor();
  await administrator.context.close();
});

it('whoever may not configure tools sees providers alone, and who may not read services no status', async () => {
  const person = await visit();
  const { page, words } = person;
  const { userId } = await signUp(person, { at: '/admin/status' });
  await page.getByRole('heading', { level: 1, name: words.shell.notFound.title }).waitFor();
  await allow(person, userId, { 'services:read': 'any' });
  await page.getByRole('heading', { level: 2, name: words.status.providers }).waitFor();
  expect(await page.getByRole('heading', { level: 2, name: words.status.servers }).count()).toBe(0);
  await person.context.close();
});
