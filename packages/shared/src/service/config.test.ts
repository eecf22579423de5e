import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commonSettings, ConfigError, fields, readConfig, setting, type Setting } from './config.ts';
import { Secret } from './secret.ts';

const STRONG = 'kJ8vQ2nL5xR7tY0wE3uI6oP9aS4dF1gH';

const read = (schema: z.ZodType, value?: string) =>
  readConfig({ it: setting('IT', schema, 'A setting') }, { IT: value }).it;

/** The lines that a bad environment is told. */
function linesOf(
  settings: Record<string, Setting>,
  env: Record<string, string | undefined>,
): readonly string[] {
  try {
    readConfig(settings, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('a setting', () => {
  test.each<[string, z.ZodType, string | undefined, unknown]>([
    ['a port', fields.port, '8080', 8080],
    ['the port that the system chooses', fields.port, '0', 0],
    ['a flag', fields.flag, 'true', true],
    ['a flag that is off', fields.flag, 'false', false],
    ['a list', fields.list, ' a, b ,,c ', ['a', 'b', 'c']],
    ['a URL without its last slash', fields.url, 'https://hub.example.com//', 'https://hub.example.com'],
    ['JSON', fields.json(z.array(z.number())), '[1,2]', [1, 2]],
    ['a default', z.string().default('d'), undefined, 'd'],
    ['a default for what is empty', z.string().default('d'), '', 'd'],
    ['what may be left out', z.string().optional(), undefined, undefined],
  ])('reads %s', (_, schema, value, expected) => {
    expect(read(schema, value)).toEqual(expected);
  });

  test('keeps a secret, and a URL that may hold one, as a Secret', () => {
    const url = 'postgres://hub:p%40ss@db/hub';
    for (const [schema, value] of [
      [fields.secret, STRONG],
      [fields.secretUrl('postgres:'), url],
    ] as const) {
      const secret = read(schema, value);
      expect(secret instanceof Secret && secret.reveal()).toBe(value);
    }
  });

  test.each<[string, z.ZodType, string]>([
    ['a port beyond the last', fields.port, '65536'],
    ['a port below the first', fields.port, '-1'],
    ['half a port', fields.port, '80.5'],
    ['a port in words', fields.port, 'http'],
    ['a flag of another kind', fields.flag, 'yes'],
    ['a URL of another kind', fields.url, 'ftp://example.com'],
    ['no URL', fields.url, 'example.com'],
    ['a database of another kind', fields.secretUrl('postgres:', 'postgresql:'), 'mysql://db'],
    ['JSON of another shape', fields.json(z.array(z.number())), '["a"]'],
    ['broken JSON', fields.json(z.unknown()), '{"a":'],
    ['a short secret', fields.secret, 'kJ8vQ2nL5xR7tY0wE3uI6oP9aS4dF1g'],
    ['one letter as a secret', fields.secret, 'a'.repeat(40)],
    ['the example as a secret', fields.secret, `change-me-${STRONG}`],
    ['the word as a secret', fields.secret, `MyPassword${STRONG}`],
    ['a row of digits as a secret', fields.secret, '01234567890123456789012345678901'],
  ])('refuses %s with one line', (_, schema, value) => {
    expect(linesOf({ it: setting('IT', schema, '') }, { IT: value })).toEqual([
      expect.stringMatching(/^IT: ./),
    ]);
  });
});

describe('a bad environment', () => {
  const settings = {
    ...commonSettings,
    port: setting('PORT', fields.port, ''),
    database: setting('DATABASE_URL', fields.secretUrl('postgres:'), ''),
    providers: setting(
      'PROVIDERS',
      fields.json(z.array(z.strictObject({ name: z.string(), key: z.string() }))),
      '',
    ),
  };

  test('is told every bad variable, one a line, with the reason and never the value', () => {
    const env = {
      NODE_ENV: 'canary-1',
      LOG_LEVEL: 'canary-2',
      SERVICE_TOKEN: 'canary-3',
      REDIS_URL: 'canary-4',
      PORT: 'canary-5',
      PROVIDERS: '[{"name":1,"key":"canary-6"},{"key":2}]',
    };
    const lines = linesOf(settings, env);
    expect(lines.map((line) => line.split(/[: ]/, 1)[0])).toEqual([
      'NODE_ENV',
      'LOG_LEVEL',
      'SERVICE_TOKEN',
      'REDIS_URL',
      'PORT',
      'DATABASE_URL',
      'PROVIDERS',
    ]);
    expect(lines).toContain('DATABASE_URL is missing');
    expect(lines).toContain('SERVICE_TOKEN: must have at least 32 characters');
    expect(lines.at(-1)).toContain('at 0.name; ');
    expect(lines.join('\n')).not.toContain('canary');
    expect(new ConfigError(lines).message.split('\n')).toHaveLength(lines.length + 1);
  });

  test('is not told the JSON that does not parse', () => {
    const lines = linesOf({ it: settings.providers }, { PROVIDERS: '[{"key": canary}]' });
    expect(lines).toEqual(['PROVIDERS: is not JSON']);
  });

  test('is told that an empty variable is missing', () => {
    expect(linesOf({ it: settings.database }, { DATABASE_URL: '' })).toEqual(['DATABASE_URL is missing']);
  });
});

describe('NAME_FILE', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-config-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const settings = { token: commonSettings.serviceToken, port: setting('PORT', fields.port, '') };
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('holds the value, without its last newline, and wins over the variable', () => {
    const { token, port } = readConfig(settings, {
      SERVICE_TOKEN: 'short',
      SERVICE_TOKEN_FILE: file('token', `${STRONG}\n`),
      PORT: '80',
      PORT_FILE: '',
    });
    expect(token.reveal()).toBe(STRONG);
    expect(port).toBe(80);
  });

  test.each([
    [
      'is not there',
      () => join(folder, 'nowhere'),
      /^SERVICE_TOKEN_FILE: .*nowhere cannot be read \(ENOENT\)$/,
    ],
    ['is a folder', () => folder, /^SERVICE_TOKEN_FILE: .* cannot be read \(EISDIR\)$/],
    ['is empty', () => file('empty', '\n'), /^SERVICE_TOKEN is missing$/],
    ['is too weak', () => file('weak', 'canary'), /^SERVICE_TOKEN: must have at least 32 characters$/],
  ])('that %s is one line', (_, path, line) => {
    expect(linesOf({ token: settings.token }, { SERVICE_TOKEN_FILE: path() })).toEqual([
      expect.stringMatching(line),
    ]);
  });

  test('that is empty does not pass for the number 0', () => {
    expect(linesOf({ port: settings.port }, { PORT_FILE: file('port', '\n') })).toEqual(['PORT is missing']);
  });
});
