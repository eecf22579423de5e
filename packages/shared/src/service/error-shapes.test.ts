import { describe, expect, test } from 'vitest';
import { DomainError, jsonRpcErrorBody, PROBLEM_CODES, problemBody, PROBLEMS } from '../contracts/index.ts';
import {
  anthropicError,
  dialectOf,
  jsonRpcError,
  openAiError,
  shapeError,
  toDomainError,
} from './error-shapes.ts';

describe.each(PROBLEM_CODES)('%s', (code) => {
  const errors = [{ path: 'messages.0.role', message: 'is missing' }];
  const error = new DomainError(code, {
    detail: 'for this reason',
    retryAfter: 1.5,
    errors,
    cause: new Error('canary'),
  });

  test('is a problem document of RFC 9457', () => {
    const { status, contentType, body } = shapeError(error, '/api/v1/things?secret=canary', 'request-1');
    expect(status).toBe(PROBLEMS[code].status);
    expect(contentType).toBe('application/problem+json; charset=utf-8');
    expect(problemBody.strict().parse(body)).toEqual({
      type: `/problems/${code}`,
      title: PROBLEMS[code].title,
      status,
      detail: 'for this reason',
      instance: '/api/v1/things',
      code,
      requestId: 'request-1',
      retryAfter: 1.5,
      errors,
    });
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test('is an OpenAI error on the paths of OpenAI', () => {
    const { status, contentType, body } = shapeError(error, '/v1/chat/completions?x=canary', 'request-1');
    expect(status).toBe(PROBLEMS[code].status);
    expect(contentType).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      error: {
        message: 'for this reason: messages.0.role is missing',
        type: expect.stringMatching(
          /^(invalid_request|authentication|permission|rate_limit|server)_error$|^insufficient_quota$/,
        ),
        param: 'messages.0.role',
        code,
      },
    });
  });

  test('is an Anthropic error on the paths of Anthropic', () => {
    const { status, contentType, body } = shapeError(error, '/v1/messages?x=canary', 'request-1');
    expect(status).toBe(PROBLEMS[code].status);
    expect(contentType).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      type: 'error',
      error: {
        message: 'for this reason: messages.0.role is missing',
        type: expect.stringMatching(
          /^(invalid_request|authentication|billing|permission|not_found|rate_limit|timeout|api|overloaded)_error$|^request_too_large$/,
        ),
        code,
      },
      request_id: 'request-1',
    });
  });

  test('is a JSON-RPC error where messages of JSON-RPC are taken, and answers none of them', () => {
    const { status, contentType, body } = shapeError(error, '/mcp?x=canary', 'request-1');
    expect(status).toBe(PROBLEMS[code].status);
    expect(contentType).toBe('application/json; charset=utf-8');
    expect(jsonRpcErrorBody.strict().parse(body)).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: expect.any(Number),
        message: 'for this reason: messages.0.role is missing',
        data: { code, requestId: 'request-1', retryAfter: 1.5 },
      },
    });
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test('says no more than it was given, but of an outage when to come again', () => {
    expect(Object.keys(shapeError(new DomainError(code), '/x', 'request-1').body)).toEqual([
      'type',
      'title',
      'status',
      'instance',
      'code',
      'requestId',
      ...(code === 'service-unavailable' ? ['retryAfter'] : []),
    ]);
    expect(openAiError(new DomainError(code)).error).toMatchObject({
      message: PROBLEMS[code].title,
      param: null,
    });
  });
});

test.each([
  ['invalid-request', 'invalid_request_error'],
  ['unauthenticated', 'authentication_error'],
  ['insufficient-credits', 'insufficient_quota'],
  ['forbidden', 'permission_error'],
  ['model-not-found', 'invalid_request_error'],
  ['rate-limited', 'rate_limit_error'],
  ['internal-error', 'server_error'],
  ['provider-timeout', 'server_error'],
] as const)('OpenAI’s type of %s is %s', (code, type) => {
  expect(openAiError(new DomainError(code)).error.type).toBe(type);
});

test.each([
  ['invalid-request', 'invalid_request_error'],
  ['unauthenticated', 'authentication_error'],
  ['insufficient-credits', 'billing_error'],
  ['forbidden', 'permission_error'],
  ['model-not-found', 'not_found_error'],
  ['body-too-large', 'request_too_large'],
  ['rate-limited', 'rate_limit_error'],
  ['internal-error', 'api_error'],
  ['service-unavailable', 'overloaded_error'],
  ['provider-timeout', 'timeout_error'],
] as const)('Anthropic’s type of %s is %s', (code, type) => {
  expect(anthropicError(new DomainError(code), 'request-1').error.type).toBe(type);
});

test.each([
  ['malformed-json', -32_700],
  ['invalid-request', -32_600],
  ['internal-error', -32_603],
  ['unauthenticated', -32_000],
  ['rate-limited', -32_000],
] as const)('JSON-RPC’s code of %s is %d', (code, number) => {
  expect(jsonRpcError(new DomainError(code), 'request-1').error.code).toBe(number);
});

test.each([
  ['/mcp', 'jsonrpc'],
  ['/mcp/profile', 'jsonrpc'],
  ['/mcp?x', 'jsonrpc'],
  ['/mcpx', 'problem'],
  ['/api/v1/keys', 'problem'],
  ['/v1/models', 'openai'],
  ['/v1/responses', 'openai'],
  ['/v1/messages', 'anthropic'],
  ['/v1/messages?beta=true', 'anthropic'],
  ['/v1/messages/count_tokens', 'anthropic'],
  ['/v1/messages-of-others', 'openai'],
])('%s tells errors as %s', (path, dialect) => {
  expect(dialectOf(path)).toBe(dialect);
});

describe('toDomainError', () => {
  const away = new Error('connection refused');
  const convert = (thrown: unknown) => toDomainError(thrown, (error) => error === away);

  test('leaves a DomainError as it is', () => {
    const error = new DomainError('email-taken');
    expect(convert(error)).toBe(error);
  });

  test.each<[string, unknown, string]>([
    ['a dependency that is away', away, 'service-unavailable'],
    ['broken JSON', { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }, 'malformed-json'],
    [
      'another content type',
      { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 },
      'unsupported-media-type',
    ],
    ['a large body', { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, 'body-too-large'],
    ['a client that went away', { code: 'ECONNRESET', statusCode: 400 }, 'invalid-request'],
    ['an error of ours', new TypeError('x is undefined'), 'internal-error'],
    ['an upstream’s failure', { statusCode: 502 }, 'internal-error'],
    ['an inherited name for a code', { code: 'constructor' }, 'internal-error'],
    ['a string', 'oops', 'internal-error'],
    ['null', null, 'internal-error'],
    ['nothing', undefined, 'internal-error'],
  ])('makes of %s a problem with its cause', (_, thrown, code) => {
    const error = convert(thrown);
    expect(error.code).toBe(code);
    expect(error.cause).toBe(thrown);
  });

  test('says when to come back after an outage', () => {
    expect(convert(away).retryAfter).toBe(1);
  });

  test('lists the path of each mistake', () => {
    const validation = [
      { instancePath: '/items/0/holdId', message: 'Invalid UUID' },
      { instancePath: '', message: 'Unrecognized key: "x"' },
      {},
    ];
    expect(convert({ validation, validationContext: 'querystring' })).toMatchObject({
      code: 'invalid-request',
      errors: [
        { path: 'items.0.holdId', message: 'Invalid UUID' },
        { path: 'querystring', message: 'Unrecognized key: "x"' },
        { path: 'querystring', message: 'is not valid' },
      ],
    });
  });
});
