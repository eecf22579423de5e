import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { destinationOf } from './redirect-uri.ts';

describe('a redirect URI', () => {
  test.each([
    ['https://client.example/callback', { kind: 'website', name: 'client.example' }],
    ['https://client.example:8443/cb?x=1', { kind: 'website', name: 'client.example:8443' }],
    ['http://127.0.0.1:33418/', { kind: 'computer', name: '127.0.0.1' }],
    ['http://localhost/callback', { kind: 'computer', name: 'localhost' }],
    ['http://[::1]:9/cb', { kind: 'computer', name: '[::1]' }],
    ['com.example.app:/oauth', { kind: 'app', name: 'com.example.app' }],
    ['cursor://anysphere.cursor-mcp/callback', { kind: 'app', name: 'cursor' }],
    // what looks like another name is shown as what it is
    ['https://xn--pypal-4ve.com/cb', { kind: 'website', name: 'xn--pypal-4ve.com' }],
  ])('%s leads to %o', (uri, destination) => {
    expect(destinationOf(uri)).toEqual(destination);
  });

  test.each([
    'http://client.example/callback',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'http://localhost@evil.example/',
    'https://localhost/',
    'https://user@client.example/',
    'https://user:word@client.example/',
    'https://@client.example/',
    'https:client.example',
    'https:/client.example/',
    'https:\\\\client.example\\',
    'https://client.example\\@evil.example/',
    'HTTPS://client.example/',
    'https://client.example/#fragment',
    'https://client.example/ with space',
    'https://pаypal.example/', // with a Cyrillic а
    'https://client.example/\u0000',
    'javascript:alert(1)',
    'data:text/html,hello',
    'file:///etc/passwd',
    'blob:https://client.example/1',
    'ftp://client.example/',
    'mailto:me@client.example',
    '/callback',
    '//client.example/',
    '',
    `https://client.example/${'x'.repeat(500)}`,
  ])('may not be %s', (uri) => {
    expect(destinationOf(uri)).toBeUndefined();
  });

  test('of any shape is refused, or goes where its words say', () => {
    const anything = fc.oneof(fc.string(), fc.webUrl({ withFragments: true, withQueryParameters: true }));
    fc.assert(
      fc.property(anything, (uri) => {
        const destination = destinationOf(uri);
        if (destination?.kind === 'website') expect(uri.startsWith(`https://${destination.name}`)).toBe(true);
        if (destination?.kind === 'computer')
          expect(uri).toMatch(/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])/);
      }),
    );
  });
});
