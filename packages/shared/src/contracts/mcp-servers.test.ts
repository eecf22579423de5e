import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mcpServersContract } from './mcp-servers.ts';
import { canonicalJson, mcpToolDefinition } from './mcp-tools.ts';
import { isSameTarget } from './mcp-upstreams.ts';

const { body } = mcpServersContract.createMcpServer;
const http = (more: object) => ({ transport: { type: 'http', url: 'https://a.example/mcp', ...more } });
const stdio = (more: object) => ({ transport: { type: 'stdio', command: 'npx', ...more } });
const takes = (more: object) => body.safeParse({ name: 'a', ...http({}), ...more }).success;
const headers = (name: string, value = 'v') => http({ headers: [{ name, value }] });
const env = (name: string, value = 'v') => stdio({ env: [{ name, value }] });

test.each<[string, object]>([
  ['the least', {}],
  ['digits and hyphens', { name: '0-a' }],
  ['a path as program', stdio({ command: '/usr/local/lib/node_modules/.bin/server' })],
  ['arguments that a shell would read', stdio({ args: ['$(id)', '; ls', '*', ''] })],
  ['a header with blanks', headers('Authorization', 'Bearer a b')],
  ['a variable', env('GITHUB_TOKEN', 'a\nb')],
])('a server is made of %s', (_, good) => {
  expect(takes(good)).toBe(true);
});

test('arguments are passed on as they are, blanks and all', () => {
  const args = [' a ', 'b\nc', ''];
  expect(body.parse({ name: 'a', ...stdio({ args }) }).transport).toMatchObject({ args });
});

test.each<[string, object]>([
  ...['', 'A', 'a_b', 'a b', '-a', 'hub', 'x'.repeat(33), 'é', 'a/b', 'a\n'].map((name): [string, object] => [
    `the name ${JSON.stringify(name)}`,
    { name },
  ]),
  ...[
    ...['', 'a b', './server', '../server', 'bin/server', '/opt/../bin/sh', '/opt//x', '/', '~/x', '$HOME/x'],
    ...['sh -c ls', 'a;b', 'a|b', 'a\0', 'a\n', '-c', '.', '..', '/opt/x/', 'C:\\x', '`id`'],
  ].map((command): [string, object] => [`the program ${JSON.stringify(command)}`, stdio({ command })]),
  ...['PATH', 'path', 'LD_PRELOAD', 'NODE_OPTIONS', 'DYLD_X', 'PYTHONPATH', 'BASH_ENV', 'npm_config_x'].map(
    (name): [string, object] => [`the variable ${name}`, env(name)],
  ),
  ['a variable with =', env('A=B')],
  ['a variable with a zero byte', env('A', 'a\0b')],
  ['a variable twice', stdio({ env: [1, 2].map(() => ({ name: 'A', value: 'v' })) })],
  ['an argument with a zero byte', stdio({ args: ['a\0b'] })],
  ['an argument that is none', stdio({ args: [1] })],
  ['headers of a program', stdio({ headers: [] })],
  ['no memory', stdio({ maxMemoryMb: 0 })],
  ['no child', stdio({ maxChildren: 0 })],
  ...['Host', 'content-length', 'Transfer-Encoding', 'Mcp-Session-Id', 'connection', 'a b', 'a:', ''].map(
    (name): [string, object] => [`the header ${JSON.stringify(name)}`, headers(name)],
  ),
  ['a header of two lines', headers('a', 'v\r\nhost: b')],
  ['an empty header', headers('a', '')],
  ['a header beyond ASCII', headers('a', 'é')],
  ['a header twice', http({ headers: ['a', 'A'].map((name) => ({ name, value: 'v' })) })],
  ['variables of an address', http({ env: [] })],
  ...[
    'server',
    'file:///etc/passwd',
    'https://u@a.example',
    'https://a.example?k=1',
    'https://a.example#k',
  ].map((url): [string, object] => [`the address ${url}`, http({ url })]),
  ['another transport', { transport: { type: 'ssh', url: 'https://a.example' } }],
  ['another revision', { era: '2024-11-05' }],
  ['no time', { timeoutMs: 0 }],
  ['no result', { maxResultBytes: 0 }],
  ['a tool with a blank', { approve: [{ name: 'a b', definition: { inputSchema: {} } }] }],
  ['a tool without a schema', { approve: [{ name: 'a', definition: {} }] }],
  ['a tool twice', { approve: [1, 2].map(() => ({ name: 'a', definition: { inputSchema: {} } })) }],
  ['another field', { id: 'x' }],
])('no server is made of %s', (_, wrong) => {
  expect(takes(wrong)).toBe(false);
});

describe('a definition', () => {
  const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });
  const isTaken = (more: object) => mcpToolDefinition.safeParse({ inputSchema: {}, ...more }).success;

  test('is bounded in length and depth', () => {
    expect(isTaken({ inputSchema: nested(30) })).toBe(true);
    expect(isTaken({ inputSchema: nested(5000) })).toBe(false);
    expect(isTaken({ description: 'x'.repeat(60_000) })).toBe(true);
    expect(isTaken({ description: 'x'.repeat(66_000) })).toBe(false);
  });

  test('has one text, whatever the order of its members', () => {
    const turned = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(turned);
      return Object.fromEntries(
        Object.entries(value)
          .map(([name, inner]) => [name, turned(inner)])
          .toReversed(),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('with another word has another text', () => {
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
    expect(canonicalJson({ a: '1' })).not.toBe(canonicalJson({ a: 1 }));
  });
});

test('secrets are told to the target that they were given for, and no other', () => {
  const [url, program] = [
    { type: 'http', url: 'https://a' },
    { type: 'stdio', command: 'a', args: ['b', 'c'] },
  ] as const;
  expect(isSameTarget(url, { ...url })).toBe(true);
  expect(isSameTarget(program, { ...program, args: ['b', 'c'] })).toBe(true);
  expect(isSameTarget(url, { ...url, url: 'https://a/' })).toBe(false);
  expect(isSameTarget(url, program)).toBe(false);
  expect(isSameTarget(program, url)).toBe(false);
  expect(isSameTarget(program, { ...program, command: 'b' })).toBe(false);
  expect(isSameTarget(program, { ...program, args: ['b c'] })).toBe(false);
  expect(isSameTarget(program, { ...program, args: ['b,c'] })).toBe(false);
});
