import { expect, test } from 'vitest';
import { plainChallenge, resourceChallenge } from './challenge.ts';

const METADATA = 'https://hub.example/.well-known/oauth-protected-resource';
const SCOPES = 'scope="services:use tools:use credits:read usage:read keys:read"';
const challenge = resourceChallenge('https://hub.example');

test.each([
  ['/v1/models', {}, `Bearer ${SCOPES}, resource_metadata="${METADATA}/v1"`],
  ['/v1?x=1', {}, `Bearer ${SCOPES}, resource_metadata="${METADATA}/v1"`],
  ['/mcp', {}, `Bearer ${SCOPES}, resource_metadata="${METADATA}/mcp"`],
  [
    '/mcp',
    { authorization: 'Bearer x' },
    `Bearer error="invalid_token", ${SCOPES}, resource_metadata="${METADATA}/mcp"`,
  ],
  ['/v1beta/models', {}, 'Bearer'],
  ['/api/v1/keys', {}, 'Bearer'],
  ['/"/v1', {}, 'Bearer'],
])('at %s, with %o', (url, headers, said) => {
  expect(challenge({ url, headers })).toBe(said);
});

test('who showed a good token that is too narrow hears which scopes would do', () => {
  const headers = { authorization: 'Bearer x' };
  const lacking = ['tools:use', 'credits:read'];
  const narrow = 'Bearer error="insufficient_scope", scope="tools:use credits:read"';
  expect(challenge({ url: '/mcp', headers }, lacking)).toBe(`${narrow}, resource_metadata="${METADATA}/mcp"`);
  expect(challenge({ url: '/api/v1/usage/logs', headers }, lacking)).toBe(narrow);
  expect(plainChallenge({ url: '/mcp', headers }, lacking)).toBe(narrow);
  expect(plainChallenge({ url: '/mcp', headers })).toBe('Bearer');
});
