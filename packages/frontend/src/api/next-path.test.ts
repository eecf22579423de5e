import { expect, it } from 'vitest';
import { nextPath } from './next-path.ts';

it.each(['/', '/usage', '/chat?model=hub%2Fecho'])('goes on to %s', (path) => {
  expect(nextPath(path)).toBe(path);
});

it.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '',
  undefined,
  7,
])('does not follow %j', (path) => {
  expect(nextPath(path)).toBeUndefined();
});
