import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMcp } from '../mcp.fixture.ts';
import { callTool, modern, MODERN, old, OLD, post, toolsFor } from './by-hand.fixture.ts';

let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  mcp = await startMcp();
});
afterAll(() => mcp[Symbol.asyncDispose]());

describe('revision 2026-07-28', () => {
  test('says what it is and can, to be kept by nobody else', async () => {
    const { status, result } = await modern(mcp, 'server/discover');
    expect(status).toBe(200);
    expect(result).toMatchObject({
      resultType: 'complete',
      supportedVersions: [MODERN],
      capabilities: { tools: {} },
      cacheScope: 'private',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'smart-ai-hub' } },
    });
  });

  test('lists tools, to be kept for a minute by this person alone', async () => {
    const { result, headers } = await modern(mcp, 'tools/list');
    expect(result).toMatchObject({ resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' });
    expect(headers.has('mcp-session-id')).toBe(false);
  });

  test.each<[string, Record<string, string>]>([
    ['another method', { 'mcp-method': 'tools/list' }],
    ['another tool', { 'mcp-name': 'redeem_code' }],
    ['two tools', { 'mcp-name': 'list_models, list_models' }],
    ['no method', { 'mcp-method': '' }],
    ['another revision', { 'mcp-protocol-version': OLD }],
  ])('refuses headers that say %s than the body', async (_what, headers) => {
    const params = { name: 'list_models', arguments: {} };
    const { status, error } = await modern(mcp, 'tools/call', params, headers);
    expect([status, error?.code]).toEqual([400, -32_020]);
  });

  test('refuses a revision that it does not know, and says which it does', async () => {
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' };
    const headers = { 'mcp-protocol-version': '2099-01-01' };
    const { status, error } = await modern(mcp, 'tools/list', { _meta: meta }, headers);
    expect([status, error?.code]).toEqual([400, -32_022]);
    expect(error).toMatchObject({ data: { supported: [MODERN] } });
  });

  test.each(['no/such-method', 'initialize', 'prompts/list', 'resources/read', 'toString'])(
    'has no method %s',
    async (method) => {
      const { status, error } = await modern(mcp, method);
      expect([status, error?.code]).toEqual([404, -32_601]);
    },
  );

  test('has nothing to listen to, and says so at once', async () => {
    const { status, headers, messages } = await modern(mcp, 'subscriptions/listen', {
      notifications: { toolsListChanged: true },
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(messages).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } },
      { id: 1, result: { resultType: 'complete' } },
    ]);
  });
});

describe('the revisions of 2025', () => {
  test.each([OLD, '2025-06-18', '2025-03-26'])('shake hands as %s, and begin a session', async (version) => {
    const { status, headers, result } = await old(mcp, 'initialize', {
      protocolVersion: version,
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    expect(status).toBe(200);
    expect(result).toMatchObject({ protocolVersion: version, serverInfo: { name: 'smart-ai-hub' } });
    expect(headers.get('mcp-session-id')).toMatch(/^[\w-]{36}$/);
    expect(headers.get('x-accel-buffering')).toBe('no');
  });

  test('have the same tools, and call them alike', async () => {
    expect(await toolsFor(mcp, old)).toEqual(await toolsFor(mcp));
    expect(await callTool(mcp, 'list_models', {}, old)).toEqual(await callTool(mcp, 'list_models'));
  });

  test('take what needs no answer', async () => {
    const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
    const { status, messages } = await post(mcp, initialized);
    expect([status, messages]).toEqual([202, []]);
  });

  test('may send a few messages together', async () => {
    const ping = { jsonrpc: '2.0', method: 'ping' };
    const { messages } = await post(mcp, [
      { ...ping, id: 'one' },
      { ...ping, id: 2 },
    ]);
    expect(messages).toMatchObject([
      { id: 'one', result: {} },
      { id: 2, result: {} },
    ]);
  });

  test('are three, and others are refused', async () => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect((await post(mcp, call, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  });

  test('have no method that is not there', async () => {
    expect((await old(mcp, 'no/such-method')).error?.code).toBe(-32_601);
  });
});

describe('whatever else comes is refused in the words of JSON-RPC', () => {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  test.each<[string, unknown, number, number]>([
    ['broken JSON', '{"jsonrpc":', 400, -32_700],
    ['nothing', '', 400, -32_700],
    ['null', 'null', 400, -32_600],
    ['a number', '7', 400, -32_600],
    ['a text', '"tools/list"', 400, -32_600],
    ['no message', '[]', 400, -32_600],
    ['messages that are none', '[1]', 400, -32_600],
    ['more messages than a few', Array.from({ length: 6 }, () => call), 400, -32_600],
    ['a prototype', '{"__proto__":{"jsonrpc":"2.0"}}', 400, -32_700],
    ['a large body', JSON.stringify({ ...call, params: { x: 'x'.repeat(4 * 1024 * 1024) } }), 413, -32_000],
  ])('%s', async (_what, body, status, code) => {
    const said = await post(mcp, body);
    expect([said.status, said.error?.code]).toEqual([status, code]);
    expect(said.messages).toMatchObject([{ jsonrpc: '2.0', id: null }]);
  });

  test.each<[string, object]>([
    ['an object that is no message', { hello: 'hub' }],
    ['another JSON-RPC', { ...call, jsonrpc: '1.0' }],
    ['an id that is none', { ...call, id: { a: 1 } }],
    ['parameters that are none', { ...call, params: 7 }],
    ['a method that is none', { ...call, method: 7 }],
  ])('%s', async (_what, body) => {
    const { status, error } = await post(mcp, body);
    expect(status).toBe(400);
    expect(error?.code).toBeLessThan(0);
  });

  test('another kind of body', async () => {
    const { status, error } = await post(mcp, 'x=1', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([status, error]).toMatchObject([415, { data: { code: 'unsupported-media-type' } }]);
  });

  test.each(['GET', 'PUT'])('the method %s of HTTP', async (method) => {
    const answer = await fetch(`${mcp.url}/mcp`, {
      method,
      headers: { authorization: `Bearer ${mcp.token}` },
    });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, DELETE']);
    expect(await answer.json()).toMatchObject({
      jsonrpc: '2.0',
      error: { data: { code: 'method-not-allowed' } },
    });
  });

  test('nobody, and a person without tools', async () => {
    const unknown = await modern({ url: mcp.url, token: 'nonsense' }, 'tools/list');
    expect([unknown.status, unknown.error]).toMatchObject([401, { data: { code: 'unauthenticated' } }]);
    expect(unknown.headers.get('www-authenticate')).toContain('/.well-known/oauth-protected-resource/mcp"');
    const guest = await mcp.issuer.token({ roles: ['guest'] });
    const closed = await modern({ url: mcp.url, token: guest }, 'tools/list');
    expect([closed.status, closed.error]).toMatchObject([403, { data: { code: 'forbidden' } }]);
    expect(closed.headers.has('www-authenticate')).toBe(false);
  });
});

test('nothing of it is an error of ours', () => {
  expect(mcp.log.lines().filter(({ level }) => level === 'error')).toEqual([]);
});
