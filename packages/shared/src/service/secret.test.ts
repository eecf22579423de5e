import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

const secret = new Secret('hunter2');

test('a secret shows itself to whoever asks for it by name', () => {
  expect(secret.reveal()).toBe('hunter2');
});

test.each<[string, () => string]>([
  ['String', () => String(secret)],
  ['a concatenation', () => ['', secret].join('')],
  ['JSON', () => JSON.stringify({ secret })],
  ['inspect', () => inspect({ secret }, { showHidden: true, depth: null })],
  ['console formatting', () => format('%s %j %o %O', secret, secret, secret, secret)],
  ['its own properties', () => JSON.stringify([Object.entries(secret), Object.assign({}, secret)])],
  ['a copy', () => inspect(structuredClone(secret))],
])('a secret does not show in %s', (_, print) => {
  expect(print()).not.toContain('hunter2');
});
