import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { Failure } from '../failure.ts';
import { annotate, exampleFile } from './annotate.ts';
import { environmentOf, readConfig } from './read.ts';

const EXAMPLE = join(import.meta.dirname, '../../hub.config.example.yaml');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJLkcbbRmjXnzIm2Ir3kq0hHqmH6oGWQq3n0vT1Wk9aB me';

const small = () => ({
  version: 1,
  environments: {
    staging: {
      hosts: [{ name: 'one', address: '192.0.2.1' }],
      domains: ['hub.example.com'],
      operators: { keys: [KEY] },
    },
  },
});

const linesOf = (text: string): readonly string[] => {
  try {
    readConfig(text, 'hub.config.yaml');
    return [];
  } catch (error) {
    if (error instanceof Failure) return error.details;
    throw error;
  }
};

describe('the annotated example', () => {
  test('is what the schema says (written with vitest --update), and is valid', async () => {
    await expect(exampleFile()).toMatchFileSnapshot(EXAMPLE);
    expect(environmentOf(readConfig(exampleFile(), 'example'), 'staging').domains).toEqual([
      'staging.hub.example.com',
    ]);
  });

  test('shows every default as it is', () => {
    const shown = environmentOf(readConfig(exampleFile(), 'example'), 'staging');
    const filled = environmentOf(readConfig(stringify(small()), 'small'), 'staging');
    expect(shown.limits).toEqual(filled.limits);
    expect(shown.schedules).toEqual(filled.schedules);
  });

  test('says something of every field', () => {
    const lines = exampleFile().split('\n');
    const bare = lines.filter(
      (line, index) => /^ *(- )?\w+:( |$)/.test(line) && !/^ *#/.test(lines[index - 1] ?? ''),
    );
    expect(bare).toEqual([]);
  });
});

test('what is annotated is read back as it was', () => {
  const config = readConfig(stringify(small()), 'small');
  expect(readConfig(annotate(config), 'again')).toEqual(config);
});

test('twenty mistakes are twenty lines, each with its place and path', () => {
  const text = `version: 2
colour: blue
environments:
  testing: {}
  staging:
    hosts:
      - name: Big Host
        address: not an address
        port: 70000
        user: Root!
        timeZone: Mars/Olympus
        ports: 22
      - name: two
    domains: [HUB.example.com, no_domain]
    operators:
      keys: [a-password]
      addresses: [300.1.1.1, 10.0.0.0/33]
    limits:
      api: { perSecond: 0, burst: many }
      journalMegabytes: 1
      logDays: 1.5
    alerts:
      email: { to: [nobody] }
      webhook: { url: 'http://alerts.example.com' }
    schedules: { updates: '25:00' }
`;
  const lines = linesOf(text);
  expect(lines.map((line) => /^hub\.config\.yaml:\d+ (\S+): /.exec(line)?.[1])).toEqual([
    'version',
    'colour',
    'environments.testing',
    'environments.staging.hosts[0].name',
    'environments.staging.hosts[0].address',
    'environments.staging.hosts[0].port',
    'environments.staging.hosts[0].user',
    'environments.staging.hosts[0].timeZone',
    'environments.staging.hosts[0].ports',
    'environments.staging.hosts[1].address',
    'environments.staging.domains[0]',
    'environments.staging.domains[1]',
    'environments.staging.operators.keys[0]',
    'environments.staging.operators.addresses[0]',
    'environments.staging.operators.addresses[1]',
    'environments.staging.limits.api.perSecond',
    'environments.staging.limits.api.burst',
    'environments.staging.limits.journalMegabytes',
    'environments.staging.limits.logDays',
    'environments.staging.alerts.email.to[0]',
    'environments.staging.alerts.webhook.url',
    'environments.staging.schedules.updates',
  ]);
  expect(lines).toContain(
    'hub.config.yaml:7 environments.staging.hosts[0].name: must be 1 to 32 of a-z, 0-9 and -, and begin with a letter',
  );
  expect(lines).toContain('hub.config.yaml:13 environments.staging.hosts[1].address: is missing');
  expect(lines).toContain('hub.config.yaml:12 environments.staging.hosts[0].ports: is not known');
});

test('lesson 14: pools of all processes that are over their budget are a mistake with its path', () => {
  const { staging } = small().environments;
  const engines = { postgres: true, pools: { budget: 70, perProcess: 10, processes: 8 } };
  expect(linesOf(stringify({ version: 1, environments: { staging: { ...staging, engines } } }))).toEqual([
    expect.stringMatching(/engines\.pools: processes × perProcess is over the budget of connections$/),
  ]);
});

test('what stands there twice is found over all environments', () => {
  const config = {
    version: 1,
    environments: { ...small().environments, production: small().environments.staging },
  };
  expect(linesOf(stringify(config)).map((line) => line.split(' ').slice(1).join(' '))).toEqual([
    'environments.production.hosts[0].name: repeats the host one',
    'environments.production.hosts[0].address: repeats the machine 192.0.2.1:22',
    'environments.production.domains[0]: repeats the domain hub.example.com',
  ]);
});

test.each([
  ['is not YAML', 'version: [1', /hub\.config\.yaml:1 /],
  ['is empty', '', /the file: /],
  ['is a list', '- 1', /the file: must be of type object/],
  ['has a key twice', 'version: 1\nversion: 1', /Map keys must be unique/],
  ['names no environment', 'version: 1\nenvironments: {}', /must have staging or production/],
])('a file that %s is refused', (_, text, says) => {
  expect(linesOf(text).join('\n')).toMatch(says);
});

test('an environment that is not there is refused with those that are', () => {
  const config = readConfig(stringify(small()), 'small');
  expect(() => environmentOf(config, 'production')).toThrow(
    'there is no environment production; there is staging',
  );
  expect(() => environmentOf(config, '__proto__')).toThrow('there is no environment __proto__');
});

test('whatever the file holds, it is read or refused in words', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(linesOf(text).length).toBeGreaterThan(0);
      expect(parse(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 50 },
  );
});
