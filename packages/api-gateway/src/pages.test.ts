import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nobody } from './fake-service.fixture.ts';
import { allAt, startGateway } from './gateway.fixture.ts';

const HTML = { accept: 'text/html,application/xhtml+xml;q=0.9' };
const INDEX = '<!doctype html><script type="module" src="/assets/app-1a2b.js"></script>';

/** A built frontend in a folder whose own path has an `assets` in it, and the gateway that serves it. */
async function withPages() {
  const folder = mkdtempSync(join(tmpdir(), 'hub-pages-'));
  const root = join(folder, 'assets', 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), INDEX);
  writeFileSync(join(root, 'favicon.svg'), '<svg/>');
  writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  const gateway = await startGateway({ env: { ...allAt(await nobody()), FRONTEND_DIR: root } });
  return {
    ...{
      gateway,
      ask: (path: string, headers: Record<string, string> = {}) => fetch(gateway.url + path, { headers }),
    },
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      rmSync(folder, { recursive: true });
    },
  };
}

test.each(['/', '/login', '/credits/history?page=2', '/index.html', '/a.b/c'])(
  '%s shows the page to a browser',
  async (path) => {
    await using hub = await withPages();
    const answer = await hub.ask(path, HTML);
    expect([answer.status, await answer.text()]).toEqual([200, INDEX]);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
  },
);

test.each([
  ['/assets/app-1a2b.js', 'public, max-age=31536000, immutable', /javascript/],
  ['/index.html', 'no-cache', /html/],
  ['/', 'no-cache', /html/],
  ['/favicon.svg', 'no-cache', /svg/],
])('%s may be kept: %s', async (path, cache, type) => {
  await using hub = await withPages();
  const answer = await hub.ask(path, HTML);
  expect(answer.headers.get('cache-control')).toBe(cache);
  expect(answer.headers.get('content-type')).toMatch(type);
});

test('a page may run nothing inline and be in nobody’s frame', async () => {
  await using hub = await withPages();
  const { headers } = await hub.ask('/', HTML);
  expect(headers.get('content-security-policy')).not.toContain('unsafe');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});

test('a program that asks for a page that is none hears so, in its own format', async () => {
  await using hub = await withPages();
  const answer = await hub.ask('/nothing', { accept: 'application/json' });
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not-found' }]);
});

test('a missing asset is missing: a page in its place would break the browser without a word', async () => {
  await using hub = await withPages();
  expect((await hub.ask('/assets/app-old.js', { accept: '*/*' })).status).toBe(404);
  expect((await hub.ask('/assets/app-old.js', HTML)).status).toBe(404);
});

test('an address of the API is never a page, whoever asks', async () => {
  await using hub = await withPages();
  for (const path of ['/api/v1/nothing', '/internal/prices']) {
    expect((await hub.ask(path, HTML)).status, path).toBe(404);
  }
  expect((await hub.ask('/api/v1/auth/me', HTML)).status).toBe(503);
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2f..%2fsecret.txt',
  '/....//secret.txt',
])('nothing outside the folder is served: %s', async (path) => {
  await using hub = await withPages();
  expect(await (await hub.ask(path)).text()).not.toContain('outside');
});

test('a folder that is not there is said at the start', async () => {
  await expect(startGateway({ env: { FRONTEND_DIR: '/no/such/folder' } })).rejects.toThrow(
    'FRONTEND_DIR: there is no folder',
  );
});
