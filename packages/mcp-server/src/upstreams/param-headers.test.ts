import { expect, test } from 'vitest';
import { paramHeaders } from './param-headers.ts';

const marked = { 'x-mcp-header': 'It' };
const base64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;

test.each<[string, unknown, string]>([
  ['text', 'as it is', 'as it is'],
  ['a truth', false, 'false'],
  ['a number', 42, '42'],
  ['a fraction', 0.5, '0.5'],
  ['nothing', '', base64('')],
  ['what HTTP would cut', 'a ', base64('a ')],
  ['what would be two lines', 'a\r\nb: c', base64('a\r\nb: c')],
  ['what is not ASCII', 'ไทย', base64('ไทย')],
  ['what looks as if it were encoded', base64('a'), base64(base64('a'))],
])('%s is said in a header', (_what, value, said) => {
  const schema = { properties: { deep: { properties: { it: marked } }, other: {} } };
  expect(paramHeaders(schema, { deep: { it: value }, other: 1 })).toEqual({ 'mcp-param-It': said });
});

test.each<[string, unknown, unknown]>([
  ['what is not given', { properties: { it: marked } }, {}],
  ['null', { properties: { it: marked } }, { it: null }],
  ['a list', { properties: { it: marked } }, { it: ['a'] }],
  ['a number that is not exact', { properties: { it: marked } }, { it: 2 ** 60 }],
  ['a name that is none', { properties: { it: { 'x-mcp-header': 'a: b' } } }, { it: 'x' }],
  ['what only its prototype has', { properties: { toString: marked } }, {}],
  ['arguments that are none', { properties: { it: marked } }, undefined],
  ['a schema that is none', true, { it: 'x' }],
])('%s is said in none', (_what, schema, args) => {
  expect(paramHeaders(schema, args)).toEqual({});
});
