import { describe, expect, test } from 'vitest';
import { currentScope, outgoingScopeHeaders, runInScope, scopeFrom } from './context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a request id', () => {
  test.each(['abcd1234', '0f8fad5b-d9cb-469f-a165-70867728950e', 'A_b-'.repeat(16)])(
    '%j is honoured',
    (id) => {
      expect(scopeFrom({ 'x-request-id': id }).requestId).toBe(id);
    },
  );

  test.each<string | string[] | undefined>([
    undefined,
    '',
    'short12',
    'a'.repeat(65),
    'request-1\nforged: line',
    'request-12\n',
    '\nrequest-1',
    'request-1\r\nset-cookie: a=b',
    'request 123',
    'request-ไทย',
    '<script>alert(1)</script>',
    '${jndi:ldap://x}',
    'a\u0000bcdefgh',
    ['request-1', 'request-2'],
  ])('%j is replaced', (id) => {
    expect(scopeFrom({ 'x-request-id': id }).requestId).toMatch(UUID);
  });

  test('is a new one for each request', () => {
    expect(scopeFrom({}).requestId).not.toBe(scopeFrom({}).requestId);
  });
});

describe('a traceparent', () => {
  test('is honoured', () => {
    expect(scopeFrom({ traceparent: TRACEPARENT }).traceparent).toBe(TRACEPARENT);
  });

  test.each([
    undefined,
    'garbage',
    `01-${TRACE}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    TRACEPARENT.toUpperCase(),
    `${TRACEPARENT}\n`,
    `${TRACEPARENT}-more`,
  ])('%j is replaced by a valid one', (traceparent) => {
    const made = scopeFrom({ traceparent }).traceparent;
    expect(made).not.toContain(TRACE);
    expect(scopeFrom({ traceparent: made }).traceparent).toBe(made);
  });
});

describe('a call to another service', () => {
  const scope = scopeFrom({ 'x-request-id': 'request-1', traceparent: TRACEPARENT });

  test('carries the request id and the trace, with a span of its own', () => {
    const [first, second] = [outgoingScopeHeaders(scope), outgoingScopeHeaders(scope)];
    expect(first['x-request-id']).toBe('request-1');
    expect(first['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(new Set([TRACEPARENT, first['traceparent'], second['traceparent']]).size).toBe(3);
  });

  test('takes the scope that it runs in, however deep', async () => {
    const headers = await runInScope(scope, async () => {
      await Promise.resolve();
      return outgoingScopeHeaders();
    });
    expect(headers['x-request-id']).toBe('request-1');
  });

  test('outside of a request carries nothing', () => {
    expect(currentScope()).toBeUndefined();
    expect(outgoingScopeHeaders()).toEqual({});
  });

  test('does not mix requests that run at the same time', async () => {
    const serve = (requestId: string) =>
      runInScope({ ...scope, requestId }, async () => {
        await new Promise(setImmediate);
        return currentScope()?.requestId;
      });
    await expect(Promise.all(['request-a', 'request-b'].map(serve))).resolves.toEqual([
      'request-a',
      'request-b',
    ]);
  });
});
