import { expect, test } from 'vitest';
import { resourceChallenge } from './challenge.ts';

const METADATA = 'https://hub.example/.well-known/oauth-protected-resource';
const challenge = resourceChallenge('https://hub.example');

test.each([
  ['/v1/models', {}, `Bearer resource_metadata="${METADATA}/v1"`],
  ['/v1?x=1', {}, `Bearer resource_metadata="${METADATA}/v1"`],
  ['/mcp', {}, `Bearer resource_metadata="${METADATA}/mcp"`],
  [
    '/mcp',
    { authorization: 'Bearer x' },
    `Bearer error="invalid_token", resource_metadata="${METADATA}/mcp"`,
  ],
  ['/v1beta/models', {}, 'Bearer'],
  ['/api/v1/keys', {}, 'Bearer'],
  ['/"/v1', {}, 'Bearer'],
])('at %s, with %o', (url, headers, said) => {
  expect(challenge({ url, headers })).toBe(said);
});
