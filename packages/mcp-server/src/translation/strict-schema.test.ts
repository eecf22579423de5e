import { expect, test } from 'vitest';
import { keepsStrictRules } from './strict-schema.ts';

const closed = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const nested = (levels: number): object =>
  closed({ inner: levels > 1 ? nested(levels - 1) : { type: 'string' } });

test.each([
  ['a closed object', closed({ a: { type: 'string' } }), true],
  ['an empty one', { type: 'object', additionalProperties: false }, true],
  ['an open object', { type: 'object', properties: {} }, false],
  ['an optional property', closed({ a: { type: 'string' }, b: {} }, ['a']), false],
  ['an optional property further in', closed({ a: { type: 'array', items: closed({ b: {} }, []) } }), false],
  ['an open object that may be null', closed({ a: { type: ['object', 'null'] } }), false],
  ['nine levels', nested(9), true],
  ['thousands of levels', nested(3_000), false],
  ['no schema', 'x', true],
])('%s: strict is %4$s', (_, schema, strict) => {
  expect(keepsStrictRules(schema)).toBe(strict);
});
