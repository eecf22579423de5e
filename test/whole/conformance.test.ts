import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { tableOf } from '../house/markdown.ts';
import { type AuthorizingProxy, authorizingProxy } from './conformance/authorizing-proxy.ts';
import { type FixtureServer, fixtureServer } from './conformance/fixture-server.ts';
import { REVISIONS, runSuite } from './conformance/suite.ts';
import { mcpAdministrator } from './mcp-administrator.ts';
import { NO_LIMITS, startPlatform, type TestPlatform } from './platform.ts';

let fixture: FixtureServer;
let proxy: AuthorizingProxy;
let platform: TestPlatform;
beforeAll(async () => {
  fixture = await fixtureServer();
  proxy = await authorizingProxy();
  platform = await startPlatform(inject('postgres'), {
    ...NO_LIMITS,
    CORS_ORIGINS: proxy.url,
    SIGNUP_CREDIT_MICRO: '100000000',
    MCP_LOCAL_ORIGINS: new URL(fixture.url).origin,
  });
  const administrator = await mcpAdministrator(platform);
  const added = await administrator.addServer('fixture', { type: 'http', url: fixture.url });
  const tools = added.tools.map((tool) => ({ server: 'fixture', tool }));
  await administrator.addProfile('conformance', { tools, contentOf: 'fixture' });
  proxy.lead(platform.url, administrator.accessToken);
}, 60_000);
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

const WAYS: [string, () => string][] = [
  ['the fixture itself', () => fixture.url],
  ['the fixture by a profile', () => `${proxy.url}/mcp/conformance`],
  ['the hub’s own tools', () => `${proxy.url}/mcp`],
];
const document = () => readFileSync('docs/mcp-conformance.md', 'utf8');
const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ') || '–';

describe.each(REVISIONS)('revision %s', (revision) => {
  test.each(WAYS)('%s passes what the document says', async (way, urlOf) => {
    const { required, failed, warned } = await runSuite(urlOf(), revision);
    const row = tableOf(document(), '## Results').find(
      ([name, spoken]) => name === way && spoken === revision,
    );
    expect(row).toEqual([way, revision, `${required - failed.size} of ${required}`, code(warned)]);
    const told = tableOf(document(), '## What does not pass')
      .filter(([name = '', spoken = '']) => name === way && spoken.includes(revision))
      .flatMap(([, , scenarios = '']) => [...scenarios.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(told.toSorted(), [...failed].flat(2).join('\n')).toEqual([...failed.keys()].toSorted());
  });
});
