import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mask, maskText } from './masking.ts';
import { Secret } from './secret.ts';

const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzb21jaGFpIn0.c2lnbmF0dXJlLW9mLWEtY2FuYXJ5';
const KEY = 'sk-hub-Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Q2FuYXJ5Qw';

/** Free text, and what of it must not be written. */
const CANARIES: [string, string, string][] = [
  ['a password in JSON', '{"password":"hun\\"ter 2"}', 'ter 2'],
  ['a password in JSON in JSON', JSON.stringify(JSON.stringify({ newPassword: 'a"b\\c d' })), 'c d'],
  ['a password in a form', 'email=a&password=hunter%202,x&next=/', 'hunter'],
  ['a password after a colon', 'Password: hunter2,hunter3', 'hunter'],
  ['a password in a sentence of quotes', "passwd = 'hunter two'", 'two'],
  ['our API key', `invalid key ${KEY}`, 'Q2FuYXJ5'],
  ['our API key after an escaped newline', `key\\n${KEY}`, 'Q2FuYXJ5'],
  ['our API key glued to a word', `x${KEY}`, 'Q2FuYXJ5'],
  ["a vendor's API key", 'Incorrect API key provided: sk-proj-abc_DEF123456.', 'abc_DEF'],
  ["Google's API key", '?key=AIzaSyA1234567890abcdefghijklmnopqrstu', 'SyA123'],
  ['a webhook secret', 'whsec_bWFueSBjYW5hcmllcw', 'bWFue'],
  ['a bearer token', 'authorization failed for Bearer abc.def~ghi+/jkl==', 'abc.def'],
  ['basic credentials', 'sent basic c29tY2hhaTpodW50ZXIy', 'c29t'],
  ['an authorization header', 'Authorization: Digest username="somchai", response="6629"', '6629'],
  ['a JWT', `token was ${JWT}.`, 'c2ln'],
  ['half a JWT', JWT.slice(0, 40), 'eyJz'],
  ['a cookie', 'Cookie: theme=dark; hub_session=abc123; a=b', 'abc123'],
  ['a set-cookie', '"set-cookie":"hub_refresh=rt-123456789; HttpOnly","status":200', '123456789'],
  ['a connection string', 'connect postgres://hub_core:p@ss/w:rd@db.internal:5432/hub failed', 'ss/w'],
  ['a connection string without a user', 'rediss://:hunter2@redis:6379', 'hunter2'],
  ['a token as the user of a URL', 'https://ghp_abcdef@github.com/x', 'ghp_abcdef'],
  ['an e-mail address', 'no account somchai.jaidee+x@example.co.th here', 'jaidee'],
  ['an e-mail address in a URL', '/users?email=somchai%40example.com', 'somchai'],
  ['an e-mail address with an apostrophe', "o'brien@example.com", "o'brien"],
  ['a card number', 'card 4111111111111111 declined', '4111'],
  ['a card number in groups', 'card 4111 1111 1111 1111', '1111'],
  ['a card number after other numbers', 'item 12 4111-1111-1111-1111', '1111'],
  ['a card number after four digits', 'in 2026 4111 1111 1111 1111', '4111'],
  ['a card of 15 digits', '3782 822463 10005', '822463'],
];

describe('maskText', () => {
  test.each(CANARIES)('hides %s', (_, text, canary) => {
    expect(text).toContain(canary);
    expect(maskText(text)).not.toContain(canary);
  });

  test.each([
    'hold 0f8fad5b-1234-4567-8901-165870867742 of request 12345678-1234-4567-8901-123456789012',
    'GET /api/v1/credits/transactions 200 in 12 ms',
    'port 5432, status 503, 1700000000000, 4111111111111112',
    'task-management-service, risk-assessment',
    'deadlock detected: process 123 waits for 456',
    'error at file:///app/packages/shared/dist/service/http.js:12:34',
  ])('leaves %j as it is', (text) => {
    expect(maskText(text)).toBe(text);
  });

  test('keeps what tells where the secret was', () => {
    expect(maskText('postgres://u:p@db:5432/hub and Bearer abc')).toBe(
      'postgres://[REDACTED]@db:5432/hub and Bearer [REDACTED]',
    );
    expect(maskText('{"password":"x y","name":"z"}')).toBe('{"password":[REDACTED],"name":"z"}');
  });

  test('cuts what is too long, and no secret in half', () => {
    const text = `${'word '.repeat(1999)}password=${'hunter2'.repeat(10)} ${'more '.repeat(10_000)}`;
    expect(maskText(text).length).toBeLessThan(10_100);
    expect(maskText(text)).not.toContain('hunter');
    expect(maskText('x'.repeat(50_000)).length).toBeLessThan(10_000);
  });

  test.each(['a.', 'aa', 'a://', 'password:', '\\"', 'token', '1 ', '4111 ', 'eyJ.', '@', "'", 'a%40a.'])(
    'ends soon on 100,000 characters of %j',
    (part) => {
      const start = performance.now();
      maskText(part.repeat(100_000 / part.length));
      expect(performance.now() - start).toBeLessThan(500);
    },
  );
});

describe('mask', () => {
  test.each([
    'password',
    'currentPassword',
    'password_hash',
    'passwd',
    'pass',
    'secret',
    'clientSecret',
    'accessToken',
    'refresh_token',
    'Authorization',
    'set-cookie',
    'apiKey',
    'x-api-key',
    'key',
    'privateKey',
    'signingKey',
    'signingSeed',
    'credentials',
    'dsn',
    'jwt',
  ])('hides whatever is named %s', (name) => {
    const value = { a: [{ [name]: { inner: 'hunter2' } }, { [name]: 12_345_678 }] };
    expect(JSON.stringify(mask(value))).not.toMatch(/hunter2|12345678/);
  });

  test('keeps token counts, ids and amounts: a lost settlement is booked by them', () => {
    const settlement = {
      holdId: '0f8fad5b-d9cb-469f-a165-70867728950e',
      keyId: 'k-1',
      promptTokens: 100,
      max_tokens: 5,
      tokenSource: 'reported',
      chargeMicro: 1_234_567,
      model: null,
      streamed: true,
    };
    expect(mask(settlement)).toEqual(settlement);
  });

  test.each([
    ['a flat list of headers', ['Cookie', 'a=hunter2', 'Authorization', 'hunter2']],
    [
      'pairs of headers',
      [
        ['cookie', 'a=hunter2'],
        ['x', 'y'],
      ],
    ],
    ['a name', { 'somchai.hunter2@example.com': 1 }],
    ['a Secret', { value: new Secret('hunter2') }],
    ['a URL', { url: new URL('redis://:hunter2@redis') }],
    ['an object that says what to print', { toJSON: () => ({ password: 'hunter2' }) }],
    ['bytes', { hash: Buffer.from('hunter2') }],
  ])('hides the canary in %s', (_, value) => {
    const printed = JSON.stringify(mask(value));
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain([...Buffer.from('hunter2')].join(','));
  });

  test.each([
    ['a card as a number', 4_111_111_111_111_111, '[CARD]'],
    ['a card as a big number', 4_111_111_111_111_111n, '[CARD]'],
    ['a big number', 9_007_199_254_740_993n, '9007199254740993'],
    ['a time', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['nothing', undefined, undefined],
  ])('writes %s', (_, value, printed) => {
    expect(mask(value)).toBe(printed);
  });

  test('writes an error with its stack, its own fields and its causes, all masked', () => {
    const root = new AggregateError([new Error('Bearer hunter2')], 'postgres://u:hunter2@db');
    const cause = Object.assign(new Error('password=hunter2', { cause: root }), {
      code: '28P01',
      password: 'hunter2',
    });
    const masked = mask(new TypeError('somchai.hunter2@example.com', { cause }));
    expect(masked).toMatchObject({
      name: 'TypeError',
      message: '[E-MAIL]',
      stack: expect.stringContaining('masking.test.ts'),
      cause: { code: '28P01', cause: { name: 'AggregateError', errors: [{ message: 'Bearer [REDACTED]' }] } },
    });
    expect(JSON.stringify(masked)).not.toContain('hunter2');
  });
});

describe('what a caller hands in cannot break the line', () => {
  const cycle: Record<string, unknown> = { name: 'a' };
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) cycle[name] = cycle;
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const throws = () => {
    throw new Error('hunter2');
  };

  test.each<[string, unknown]>([
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: throws })],
    ['a toJSON that throws', { toJSON: throws }],
    ['an invalid date', new Date(Number.NaN)],
    ['a revoked proxy', proxy],
    ['a graph of cycles', cycle],
    ['a toJSON that answers itself', { toJSON: () => cycle, cycle }],
    ['an error that is its own cause', Object.assign(new Error('a'), { cause: cycle })],
    ['a million items', new Array(1_000_000).fill('a')],
    ['a million bytes', new Uint8Array(1_000_000)],
    ['a deep nest', Array.from({ length: 10_000 }).reduce<unknown>((inner) => [inner], 'hunter2')],
    ['a symbol', { a: Symbol('a') }],
    ['a function', { a: throws }],
  ])('%s', (_, value) => {
    const start = performance.now();
    const printed = JSON.stringify(mask({ beside: 'kept', value }));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(printed).toContain('"beside":"kept"');
    expect(printed).not.toContain('hunter2');
  });

  test('the rest of an object outlives its unreadable part', () => {
    expect(mask({ good: 1, bad: { toJSON: throws } })).toEqual({ good: 1, bad: '[UNREADABLE]' });
  });
});

describe('a planted secret never survives', () => {
  /** Half a surrogate pair cannot be sent in a form. */
  const wellFormed = (text: string) => Buffer.from(text).toString();
  const base64url = fc.string({
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'.split('')),
    minLength: 20,
    maxLength: 43,
  });
  const digits = (length: number) => fc.array(fc.nat(9), { minLength: length, maxLength: length });
  const card = digits(14).map((middle) => {
    const number = [4, ...middle];
    const sum = number
      .toReversed()
      .reduce(
        (total, digit, i) => total + (i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit),
        0,
      );
    return [...number, (10 - (sum % 10)) % 10].join('');
  });
  /** The text as it stands in a line, and the part that must not. */
  const shaped = fc.oneof(
    base64url.map((secret) => [`sk-hub-${secret}`, secret]),
    base64url.map((secret) => [`VERIFIED-${secret}`, secret]),
    base64url.map((secret) => [`Bearer ${secret}`, secret]),
    fc
      .tuple(base64url, base64url)
      .map(([payload, signature]) => [`eyJhbGciOi.${payload}.${signature}`, payload]),
    base64url.map((secret) => [`Cookie: a=b; session=${secret}; c=d`, secret]),
    base64url.map((secret) => [`postgres://hub:${secret}@db/hub`, secret]),
    base64url.map((secret) => [`${secret}@example.com`, secret]),
    card.map((number) => [number, number]),
  );
  /** Whatever stands around it; no digit, which would make a card number part of a longer one. */
  const around = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\d-]/g, ' '));
  const holders: ((text: string) => unknown)[] = [
    (text) => text,
    (text) => ({ a: [{ b: text }] }),
    (text) => new Error(text, { cause: new Error(text) }),
    (text) => ({ body: JSON.stringify({ text }) }),
    (text) => ({ body: JSON.stringify(JSON.stringify([text])) }),
    (text) => ({ [text]: true }),
  ];

  test('that has a shape, in any text', () => {
    fc.assert(
      fc.property(
        shaped,
        around,
        around,
        fc.constantFrom(...holders),
        ([text = '', secret = ''], before, after, hold) => {
          expect(JSON.stringify(mask(hold(before + text + after)))).not.toContain(secret);
        },
      ),
      { numRuns: 2000 },
    );
  });

  const named = fc.constantFrom('password', 'newPassword', 'client_secret', 'accessToken', 'api-key');
  const anything = fc
    .string({ unit: 'binary', minLength: 8, maxLength: 40 })
    .filter((text) => text.trim().length >= 8);
  const nests: ((name: string, value: string) => unknown)[] = [
    (name, value) => ({ a: { [name]: value } }),
    (name, value) => [{ [name]: [value] }],
    (name, value) => Object.assign(new Error('failed'), { [name]: value }),
    (name, value) => ({ headers: [name, value] }),
    (name, value) => `sent ${JSON.stringify({ [name]: value, next: 1 })}`,
    (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value }) }),
    (name, value) => JSON.stringify({ body: JSON.stringify({ body: JSON.stringify({ [name]: value }) }) }),
    (name, value) => `a=b&${name}=${encodeURIComponent(wellFormed(value))}&c=d`,
  ];

  test('that has a secret name, at any depth and however it is written', () => {
    fc.assert(
      fc.property(named, anything, fc.constantFrom(...nests), (name, value, nest) => {
        // What is there anyway, as a word of a stack, is no secret.
        fc.pre(!JSON.stringify(mask(nest(name, ''))).includes(value));
        const printed = JSON.stringify(mask(nest(name, value)));
        const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(wellFormed(value))];
        for (const form of forms) expect(printed).not.toContain(form);
      }),
      { numRuns: 2000 },
    );
  });
});
