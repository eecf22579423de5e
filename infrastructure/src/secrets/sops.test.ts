import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { generateX25519Identity } from 'age-encryption';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { recipientOf, unwrap, wrap } from './data-key.ts';
import { Secret } from './secret.ts';
import { openSops, parseYaml, sealSops, yamlText } from './sops-file.ts';
import { decryptValue, encryptValue, pathText } from './sops-value.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-sops-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = Buffer.alloc(32, 7);
const NOW = new Date('2026-01-02T03:04:05.678Z');

/** A file with this key, which anybody is given. */
const sealed = (text: string, kept = new Map<string, string>()) =>
  sealSops(
    { document: parseYaml(text, 'x'), dataKey: KEY, envelopes: [{ recipient: 'age1x', enc: 'x\n' }], kept },
    NOW,
  );
const opened = (text: string) => openSops(text, 'x.yaml', () => Promise.resolve(KEY));
const plain = async (text: string) => yamlText((await opened(text)).document);

describe('a value', () => {
  // Made by OpenSSL through Python's cryptography: AES-256-GCM, key 32 × 0x07, nonce 32 × 0x09.
  const VECTOR =
    'ENC[AES256_GCM,data:5L+Vq8u6K7/G7hZgJg==,iv:CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=,tag:OAwEcvevtoZ2qJPHjHNPSg==,type:str]';

  test('is read as others write it', () => {
    expect(decryptValue(VECTOR, KEY, 'database:password:')).toEqual({ text: 'correct horse', type: 'str' });
  });

  test('is bound to its key and its path', () => {
    expect(decryptValue(VECTOR, KEY, 'database:user:')).toBeUndefined();
    expect(decryptValue(VECTOR, Buffer.alloc(32, 8), 'database:password:')).toBeUndefined();
    expect(decryptValue('correct horse', KEY, 'database:password:')).toBeUndefined();
  });

  test('whatever it is, it comes back, and looks different each time', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, fc.array(text), (value, path) => {
        const [one, other] = [0, 1].map(() =>
          encryptValue({ text: value, type: 'str' }, KEY, pathText(path)),
        );
        expect(one).not.toBe(other);
        expect(decryptValue(one ?? '', KEY, pathText(path))).toEqual({ text: value, type: 'str' });
      }),
      { numRuns: 50 },
    );
  });
});

const TEXT = `# about the first
first: one
nested:
    # deep
    second: "2"
    number: 42
    share: 0.5
    flag: true
    nothing: null
    empty: ""
    list:
        - a
        - b
open_unencrypted: readable
`;

describe('a file', () => {
  test('keeps names, order and comments, and shows no value but those that say so', async () => {
    const text = sealed(TEXT);
    expect(text.split('\n').filter((line) => /^ *(- )?\w/.test(line) && !line.includes('ENC['))).toEqual([
      'nested:',
      '    nothing: null',
      '    empty: ""',
      '    list:',
      'open_unencrypted: readable',
      'sops:',
      '    age:',
      '        - recipient: age1x',
      '          enc: |',
      '              x',
      '    lastmodified: "2026-01-02T03:04:05Z"',
      '    unencrypted_suffix: _unencrypted',
      '    version: 3.9.4',
    ]);
    expect(text).not.toContain('deep');
    expect(await plain(text)).toBe(TEXT);
  });

  test('has the MAC of SOPS: SHA-512 of all values in their order', async () => {
    const text = sealed('a: x\nb:\n    - 1\n    - true\n    - 1.5\n    - ""\nc_unencrypted: y\n');
    const [, mac = ''] = /mac: (\S+)/.exec(text) ?? [];
    const expected = createHash('sha512').update('x1True1.5y').digest('hex').toUpperCase();
    expect(decryptValue(mac, KEY, '2026-01-02T03:04:05Z')?.text).toBe(expected);
  });

  test('what did not change looks the same again', async () => {
    const before = sealed(TEXT);
    const { document, kept } = await opened(before);
    document.set('first', 'other');
    const after = sealed(yamlText(document), kept);
    const differing = after.split('\n').filter((line, index) => line !== before.split('\n')[index]);
    expect(differing.map((line) => line.split(':')[0]?.trim())).toEqual(['first', 'mac']);
  });

  const lineOf = (text: string, name: string) =>
    text.split('\n').find((line) => line.trim().startsWith(name)) ?? '';
  test.each<[string, (text: string) => string, RegExp]>([
    ['a value', (text) => otherData(text, 'first: '), /first does not decrypt/],
    ['a name', (text) => text.replace('second:', 'third:'), /nested.third does not decrypt/],
    ['a removed value', (text) => text.replace(`${lineOf(text, 'flag')}\n`, ''), /its MAC does not fit/],
    ['a readable value', (text) => text.replace('readable', 'changed'), /its MAC does not fit/],
    [
      'a value in plain text',
      (text) => text.replace(lineOf(text, 'first'), 'first: mine'),
      /first does not decrypt/,
    ],
    ['a comment', (text) => otherData(text, '#'), /a comment that does/],
    ['the time', (text) => text.replace('03:04:05', '03:04:06'), /its MAC does not fit/],
    ['the MAC', (text) => text.replace(/mac: .*/, 'mac: none'), /sops.mac: is not encrypted/],
    ['the rule', (text) => text.replace('suffix: _unencrypted', 'suffix: t'), /sops.unencrypted_suffix/],
    [
      'another rule',
      (text) => text.replace('version:', 'encrypted_regex: x\n    version:'),
      /encrypted_regex/,
    ],
    ['no metadata', (text) => text.replace(/sops:[\s\S]*/, ''), /it has no sops metadata/],
    ['two swapped', (text) => swapped(text, 'number', 'share'), /nested.number does not decrypt/],
  ])('%s that was changed is refused', async (_, change, says) => {
    const text = sealed(TEXT);
    expect(change(text)).not.toBe(text);
    const error: unknown = await opened(change(text)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    if (error instanceof Failure) expect([error.message, ...error.details].join('\n')).toMatch(says);
  });

  function otherData(text: string, before: string): string {
    const start = `${before}ENC[AES256_GCM,data:`;
    const at = text.indexOf(start) + start.length;
    return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  }

  function swapped(text: string, one: string, other: string): string {
    const [a, b] = [lineOf(text, one), lineOf(text, other)].map((line) => line.split(': ')[1] ?? '');
    return text
      .replace(a ?? '', '@')
      .replace(b ?? '', a ?? '')
      .replace('@', b ?? '');
  }

  test('what SOPS cannot hold is refused, and a mistake is told without what stands there', async () => {
    expect(() => sealed('a: &x 1\nb: *x\n')).toThrow('b is an alias');
    expect(() => sealed('1: x\n')).toThrow('is no text');
    expect(() => sealed('a: 1e999\n')).toThrow('must be a text');
    await expect(opened('a: "hunter2')).rejects.toMatchObject({
      details: [expect.not.stringContaining('hunter2')],
    });
  });
});

describe('the data key', () => {
  test('is opened by each reader and by nobody else', async () => {
    const [ann, bob, eve] = await Promise.all(
      [0, 1, 2].map(async () => new Secret(await generateX25519Identity())),
    );
    if (!ann || !bob || !eve) throw new Error('three were made');
    const envelopes = await wrap(KEY, [await recipientOf(ann), await recipientOf(bob)]);
    for (const reader of [ann, bob])
      expect(Buffer.from((await unwrap(envelopes, [reader])) ?? [])).toEqual(KEY);
    expect(await unwrap(envelopes, [eve])).toBeUndefined();
  });

  test('goes to age and comes from it', async () => {
    const file = join(folder, 'identity');
    spawnSync('age-keygen', ['-o', file]);
    const identity = readFileSync(file, 'utf8');
    const secret = new Secret(/AGE-SECRET-KEY-1\w+/.exec(identity)?.[0] ?? '');
    const recipient = await recipientOf(secret);
    expect(identity).toContain(recipient);
    const [envelope] = await wrap(KEY, [recipient]);
    const read = spawnSync('age', ['-d', '-i', file], { input: envelope?.enc });
    expect(read.stdout).toEqual(KEY);
    const made = spawnSync('age', ['-a', '-r', recipient], { input: KEY, encoding: 'utf8' }).stdout;
    expect(Buffer.from((await unwrap([{ recipient, enc: made }], [secret])) ?? [])).toEqual(KEY);
  });
});

test('a secret prints as redacted wherever it is printed', () => {
  const secret = new Secret('canary');
  const printed = [secret.toString(), JSON.stringify({ secret }), inspect({ secret }), String(secret)];
  expect(printed.filter((text) => text.includes('canary'))).toEqual([]);
  expect(secret.reveal()).toBe('canary');
});
