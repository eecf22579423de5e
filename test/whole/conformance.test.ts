import { readFileSync } from 'node:fs';
import { IS_THOROUGH } from '@smart-ai-hub/shared/testing';
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
  for (const era of REVISIONS) {
    const server = `of-${era}`;
    const { tools } = await administrator.addServer(server, { type: 'http', url: fixture.url }, { era });
    const chosen = tools.map((tool) => ({ server, tool }));
    await administrator.addProfile(server, { tools: chosen, contentOf: server });
  }
  proxy.lead(platform.url, administrator.accessToken);
}, 60_000);
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await fixture[Symbol.asyncDispose]();
});

const WAYS: [string, () => string][] = [
  ['the fixture itself', () => fixture.url],
  ['by a profile, as of 2026-07-28', () => `${proxy.url}/mcp/of-2026-07-28`],
  ['by a profile, as of 2025-11-25', () => `${proxy.url}/mcp/of-2025-11-25`],
  ['`/mcp` itself', () => `${proxy.url}/mcp`],
];
const document = () => readFileSync('docs/mcp-conformance.md', 'utf8');
const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ') || '–';

describe.runIf(IS_THOROUGH).each(REVISIONS)('revision %s', (revision) => {
  test.each(WAYS)('%s passes what the document says', async (way, urlOf) => {
    const { required, failed, warned, beyond } = await runSuite(urlOf(), revision);
    const rows = tableOf(document(), '## Results');
    const found = [way, revision, `${required - failed.size} of ${required}`, code(warned), code(beyond)];
    expect(found).toEqual(rows.find(([name, client]) => name === way && client === revision));
    const told = tableOf(document(), '## What does not pass')
      .filter(([name = '', spoken = '']) => name === way && spoken.includes(revision))
      .flatMap(([, , scenarios = '']) => [...scenarios.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect([...failed.keys()].toSorted(), [...failed].flat(2).join('\n')).toEqual(told.toSorted());
  });
});
