import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerHeaders, headersFor, type Sender } from './headers.ts';

const scope = { requestId: 'request-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
const nobody: Sender = { identity: undefined, address: '192.0.2.1', scope, cookie: undefined };
const somebody: Sender = {
  ...nobody,
  identity: {
    token: 'our-own-token',
    actor: {
      userId: 'u',
      email: 'e',
      roles: [],
      level: 0,
      grants: {},
      tokenId: 't',
      credential: { kind: 'session', id: 's' },
    },
  },
};

/** What a service may hear about its caller: our word alone. */
const OURS = {
  'x-forwarded-for': '192.0.2.1',
  'x-request-id': scope.requestId,
  traceparent: scope.traceparent,
};

const word = fc.stringMatching(/^[a-z0-9-]{0,12}$/);
const claim = fc.oneof(
  fc.constantFrom(
    'authorization',
    'cookie',
    'forwarded',
    'x-real-ip',
    'x-client-ip',
    'x-api-key',
    'x-request-id',
    'traceparent',
  ),
  ...['user', 'actor', 'role', 'roles', 'auth', 'identity', 'internal', 'service', 'hub'].flatMap((name) => [
    fc.constant(`x-${name}`),
    word.map((rest) => `x-${name}-${rest}`),
  ]),
  word.map((rest) => `x-forwarded-${rest}`),
);

test('nothing that a caller says about who calls or from where reaches a service', () => {
  fc.assert(
    fc.property(fc.dictionary(claim, fc.string()), (claims) => {
      expect(headersFor(claims, nobody)).toEqual(OURS);
      expect(headersFor(claims, somebody)).toEqual({ ...OURS, authorization: 'Bearer our-own-token' });
    }),
  );
});

test('a credential among the sub-protocols of a WebSocket reaches no service', () => {
  const offer = (protocols: string) =>
    headersFor({ 'sec-websocket-protocol': protocols }, somebody)['sec-websocket-protocol'];
  expect(offer('smart-ai-hub.v1, smart-ai-hub.bearer.sk-hub-x')).toBe('smart-ai-hub.v1');
  expect(offer('smart-ai-hub.bearer.sk-hub-x,a,smart-ai-hub.bearer.,b')).toBe('a, b');
  expect(offer('smart-ai-hub.bearer.sk-hub-x')).toBeUndefined();
});

test('cookies pass only where the service hears them', () => {
  expect(headersFor({ cookie: 'a=1' }, nobody)).not.toHaveProperty('cookie');
  expect(headersFor({ cookie: 'a=1' }, { ...nobody, cookie: 'a=1' })).toHaveProperty('cookie', 'a=1');
});

test('everything else travels on as it came', () => {
  const given = {
    accept: 'text/html',
    'content-type': 'application/json',
    'anthropic-beta': 'b',
    'openai-organization': 'o',
  };
  expect(headersFor(given, nobody)).toEqual({ ...given, ...OURS });
});

const betweenNeighbours = {
  'keep-alive': 'timeout=5',
  'proxy-authorization': 'Basic x',
  'proxy-connection': 'keep-alive',
  te: 'trailers',
  trailer: 'x-sum',
  'transfer-encoding': 'chunked',
  upgrade: 'h2c',
};

test('what is between two neighbours stays between them, in both directions', () => {
  const given = { ...betweenNeighbours, connection: 'keep-alive' };
  expect(headersFor({ ...given, host: 'hub.example', expect: '100-continue' }, nobody)).toEqual(OURS);
  expect(answerHeaders({ ...given, etag: '"1"' })).toEqual({ etag: '"1"' });
});

test.each(['X-Secret-Hop, close', 'close,x-secret-hop', 'X-SECRET-HOP'])(
  'a header that Connection names is between neighbours too: %s',
  (connection) => {
    const given = { connection, 'x-secret-hop': '1', accept: '*/*' };
    expect(headersFor(given, nobody)).toEqual({ ...OURS, accept: '*/*' });
    expect(answerHeaders(given)).toEqual({ accept: '*/*' });
  },
);

test('a caller cannot make us drop our own word by naming it in Connection', () => {
  expect(headersFor({ connection: 'authorization, x-forwarded-for, x-request-id' }, somebody)).toEqual({
    ...OURS,
    authorization: 'Bearer our-own-token',
  });
});

test('several cookies of an answer stay several', () => {
  expect(answerHeaders({ 'set-cookie': ['a=1', 'b=2'] })).toEqual({ 'set-cookie': ['a=1', 'b=2'] });
});
