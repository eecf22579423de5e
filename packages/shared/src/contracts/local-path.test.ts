import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localPath } from './local-path.ts';

test.each(['/', '/usage', '/playground?model=hub%2Fecho', '/keys#new', '/a//b', '/x?next=//evil.example'])(
  '%s is a path of this site',
  (path) => {
    expect(localPath(path)).toBe(path);
  },
);

test.each([
  ...[
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
  ],
  ...[
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'https://evil.example',
    'https:evil.example',
  ],
  ...[
    '//user:word@evil.example',
    '//xn--e1awd7f.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'usage',
    ' /usage',
  ],
  ...['', '/x\r\nset-cookie: a=b', '/\0', `/${'x'.repeat(2000)}`, undefined, null, 7, {}, ['/usage']],
])('open redirect: %j is not followed', (path) => {
  expect(localPath(path)).toBeUndefined();
});

test('open redirect: whatever it answers, a browser stays on the site', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '@',
    ':',
    '?',
    '#',
    '\t',
    'evil.example',
    'https:',
    'é',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
      const path = localPath(`/${parts.join('')}`);
      if (path === undefined) return;
      expect(new URL(path, 'https://hub.example/api/v1/auth/oidc/x/callback').origin).toBe(
        'https://hub.example',
      );
    }),
    { numRuns: 5000 },
  );
});
