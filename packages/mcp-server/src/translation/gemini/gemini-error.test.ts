import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geminiErrorToChat, retryDelayOf } from './gemini-error.ts';

const TYPE = 'type.googleapis.com/google.rpc.';
const error = (fields: object) =>
  JSON.stringify({ error: { code: 400, message: 'No.', status: 'INVALID_ARGUMENT', ...fields } });
const info = (reason: string) => ({ details: [{ '@type': `${TYPE}ErrorInfo`, reason }] });

test.each([
  [error({}), 'No.', 'INVALID_ARGUMENT'],
  [error({ ...info('OTHER'), status: 'NOT_FOUND' }), 'No.', 'NOT_FOUND'],
  ['{"detail":"no"}', 'the provider refused the request', null],
  ['', 'the provider refused the request', null],
])('%j is told in OpenAI’s shape', (text, message, code) => {
  expect(JSON.parse(geminiErrorToChat(text) ?? '')).toEqual({
    error: { message, type: 'invalid_request_error', param: null, code },
  });
});

test.each([info('API_KEY_INVALID'), info('API_KEY_SERVICE_BLOCKED'), { status: 'FAILED_PRECONDITION' }])(
  '%j is not about the request',
  (fields) => {
    expect(geminiErrorToChat(error(fields))).toBeUndefined();
  },
);

const retry = (retryDelay: unknown) =>
  error({
    details: [{ '@type': `${TYPE}QuotaFailure` }, { '@type': `${TYPE}RetryInfo`, retryDelay }],
  });
test.each([
  [retry('34s'), 34],
  [retry('34.074824224s'), 35],
  [retry('0s'), 0],
  [retry('-1s'), undefined],
  [retry('soon'), undefined],
  [retry(34), undefined],
  [error({ details: [{ '@type': 'other', retryDelay: '34s' }] }), undefined],
  ['<html>', undefined],
])('%j asks to wait %s seconds', (text, seconds) => {
  expect(retryDelayOf(text)).toBe(seconds);
});

test('whatever a vendor sends is an error too', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.json()),
      fc.jsonValue(),
      fc.jsonValue(),
      (text, details, message) => {
        for (const given of [text, error({ details, message })]) {
          geminiErrorToChat(given);
          retryDelayOf(given);
        }
      },
    ),
  );
});
