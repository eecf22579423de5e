import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exampleFile } from '../config/annotate.ts';
import { command } from '../commands/command.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { makePlan, type Plan } from '../resources/plan.ts';
import type { Resource } from '../resources/resource.ts';
import { applyPlanned } from './apply.ts';
import { judgeDomain, judgeFacts } from './doctor.ts';
import { plansText } from './plan.ts';
import { runHubctl } from './run.ts';
import { fakeTerminal } from './terminal.fixture.ts';
import type { Typed } from './typed.ts';
import { argumentsOf, isVerb, optionsOf, VERBS } from './usage.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newPath = () => join(folder, `${(files += 1)}.yaml`);

async function hubctl(argv: string[], answers?: string[]) {
  const screen = fakeTerminal({ answers });
  const code = await runHubctl(argv, screen);
  return { code, said: screen.said, complained: screen.complained };
}

/** A configuration whose one machine is not there. */
function configFile(change = (text: string) => text): string {
  const path = newPath();
  writeFileSync(
    path,
    change(
      exampleFile()
        .replace('203.0.113.10', '127.0.0.1')
        .replace('port: 22', 'port: 1')
        // Secrets that nobody made yet.
        .replace(/^ {6}services:\n( {8}.*\n)+/m, '')
        .replaceAll(/^ {6}(postgres|redis): true$/gm, '      $1: false'),
    ),
  );
  return path;
}

const RESOURCE: Resource = { id: 'lamp', class: 'safe', after: [], reads: [], compare: () => undefined };

describe('hubctl', () => {
  test('says what it can do: every verb, the options of all, exit codes, where to begin', async () => {
    const { code, said } = await hubctl(['--help']);
    expect(code).toBe(0);
    for (const [verb, { summary }] of Object.entries(VERBS))
      expect(said).toContain(`\n  ${verb.padEnd(22)} ${summary}\n`);
    for (const line of [
      '  --json ',
      '  -h, --help ',
      '  0  nothing to do',
      '  2  something',
      '  hubctl init\n',
    ])
      expect(said).toContain(`\n${line}`);
    expect(said.split('\n').filter((line) => line.length > 110)).toEqual([]);
    expect(await hubctl([])).toEqual({ code, said, complained: '' });
  });

  test.each(Object.keys(VERBS).filter(isVerb))(
    'says what %s takes, with examples of its own',
    async (verb) => {
      const { code, said } = await hubctl([...verb.split(' '), '-h']);
      expect(code).toBe(0);
      expect(said).toContain(`\nUsage: hubctl ${[verb, ...argumentsOf(verb)].join(' ')} [OPTIONS]\n`);
      for (const [name, { says }] of Object.entries(optionsOf(verb)))
        expect(said).toMatch(new RegExp(`--${name}( [A-Z]+)? +${says}\n`));
      for (const example of VERBS[verb].examples) {
        expect(said).toContain(`\n  ${example}\n`);
        expect(example).toMatch(new RegExp(`(^|\\| )hubctl ${verb}( |$)`));
      }
    },
  );

  test.each([
    [['deploi'], 'hubctl does not know deploi'],
    [['constructor'], 'hubctl does not know constructor'],
    [['plan', '--colour'], "Unknown option '--colour'"],
    [['plan', 'staging', 'production'], 'plan does not take production'],
    [['init', 'staging'], 'init does not take staging'],
    [['plan', '--config', '/nowhere.yaml'], 'there is no /nowhere.yaml'],
    [
      ['plan', '--config', configFile(), 'production'],
      'there is no environment production; there is staging',
    ],
    [['plan', '--config', configFile(), '--host', 'two'], 'staging has no host two'],
  ])('%j is refused in words', async (argv, says) => {
    const { code, complained } = await hubctl(argv);
    expect([code, complained]).toEqual([1, expect.stringContaining(says)]);
  });

  test('for programs a mistake is JSON too', async () => {
    const { code, said, complained } = await hubctl(['plan', '--json', '--config', '/nowhere.yaml']);
    expect([code, complained]).toEqual([1, '']);
    expect(JSON.parse(said)).toEqual({
      error: { message: 'there is no /nowhere.yaml', details: [], remedy: 'Write one with: hubctl init' },
    });
  });

  test('engines whose secrets nobody made connect to nothing', async () => {
    const config = configFile((text) => text.replace('redis: false', 'redis: true'));
    const { code, complained } = await hubctl(['plan', '--config', config]);
    expect([code, complained]).toEqual([
      1,
      expect.stringMatching(/hub\.secrets\.staging\.yaml[^]*hubctl secrets set/),
    ]);
  });

  test('secrets that services need and nobody set are named before anything is connected', async () => {
    const config = newPath();
    writeFileSync(config, exampleFile());
    const { code, complained } = await hubctl(['plan', '--config', config]);
    expect([code, complained]).toEqual([1, expect.stringContaining('there is no ')]);
    expect(complained).toContain('hubctl secrets set NAME');
  });

  test.each(['plan', 'apply', 'drift'])('%s of a machine that is not there ends with 1', async (verb) => {
    const { code, complained } = await hubctl([verb, '--config', configFile(), '--ssh-config', '/dev/null']);
    expect([code, complained]).toEqual([1, expect.stringContaining('127.0.0.1:1 does not answer')]);
  });
});

describe('init', () => {
  const key = join(folder, 'key.pub');
  writeFileSync(key, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJLkcbbRmjXnzIm2Ir3kq0hHqmH6oGWQq3n0vT1Wk9aB me\n');
  const answers = () => ['staging', 'one', '192.0.2.1', 'hub.example.com', key, 'ops@example.com'];
  const names = ['environment', 'host', 'address', 'domain', 'key', 'email'];

  test('asks a person, or takes options, and writes the same', async () => {
    const [asked, given] = [newPath(), newPath()];
    expect(await hubctl(['init', '--config', asked], answers())).toMatchObject({ code: 0 });
    const options = answers().flatMap((answer, index) => [`--${names[index] ?? ''}`, answer]);
    const { code, said } = await hubctl(['init', '--json', '--config', given, ...options]);
    expect([code, JSON.parse(said)]).toEqual([0, { written: given }]);
    expect(readFileSync(given, 'utf8')).toBe(readFileSync(asked, 'utf8'));
    expect(readFileSync(given, 'utf8')).toContain(
      '        # Where its sshd answers\n        address: 192.0.2.1\n',
    );
  });

  test('leaves a file alone that is there', async () => {
    const path = newPath();
    writeFileSync(path, 'mine');
    expect((await hubctl(['init', '--config', path], answers())).complained).toContain('is there already');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('refuses what would not be valid, and writes nothing', async () => {
    const path = newPath();
    const bad = ['qa', 'One', '192.0.2.1', 'hub', key, 'ops'];
    const { code, complained } = await hubctl(['init', '--config', path], bad);
    expect([code, existsSync(path)]).toEqual([1, false]);
    expect(complained).toContain('environments.qa: is not known');
    const noKey = answers().with(4, '/nowhere.pub');
    expect((await hubctl(['init', '--config', path], noKey)).complained).toContain('ssh-keygen -t ed25519');
  });

  test('names every option that is missing where nobody can be asked', async () => {
    const { code, complained } = await hubctl(['init', '--config', newPath(), '--host', 'one']);
    expect(code).toBe(1);
    expect(names.filter((name) => complained.includes(`--${name}: `))).toEqual(
      names.filter((name) => name !== 'host'),
    );
  });
});

test('a plan says how it is applied, of several hosts each by its name', () => {
  const plan = (host: string, hash: string): Plan => ({
    ...{ host, hash, notes: [] },
    steps: [{ resource: RESOURCE, change: { lines: [], commands: [] } }],
  });
  const done: Plan = { ...plan('three', '3'), steps: [] };
  const said = (typed: { environment?: string }, ...plans: Plan[]) =>
    plansText(plans, typed, { colours: false }).split('Make these changes with:\n')[1];
  expect(said({}, plan('one', '1'))).toBe('  hubctl apply --confirm 1\n');
  expect(said({ environment: 'staging' }, plan('one', '1'), plan('two', '2'), done)).toBe(
    '  hubctl apply staging --host one --confirm 1\n  hubctl apply staging --host two --confirm 2\n',
  );
  expect(said({}, done)).toBeUndefined();
});

describe('apply', () => {
  const typed = (values: Record<string, string>, json = false): Typed => ({
    ...{ environment: undefined, json, facts: new Map() },
    value: (name) => values[name],
    values: (name) => [values[name] ?? []].flat(),
  });

  /** On once it was switched on; it can be stuck, or fall back. */
  async function planned(mood: 'good' | 'stuck' | 'falls back' = 'good') {
    let isOn = false;
    let reads = 0;
    const machine = toldMachine((words) => {
      if (words === 'on') isOn = mood !== 'stuck';
      if (words === 'is-on') reads += 1;
      const shows = isOn && !(mood === 'falls back' && reads > 2);
      return words === 'is-on' ? { code: shows ? 0 : 1 } : undefined;
    });
    const lamp: Resource = {
      ...{ id: 'lamp', class: 'safe', after: [], reads: [command('is-on')] },
      compare: ([found]) =>
        found?.code === 0
          ? undefined
          : { lines: [{ sign: '~', text: 'off → on' }], commands: [command('on')] },
    };
    const resources = [lamp];
    const connection = { machine, knock: () => Promise.resolve(), operator: '192.0.2.1' };
    return { machine, planned: { connection, resources, plan: await makePlan(machine, resources) } };
  }

  test('makes the changes of the hash that was shown, then has nothing to do', async () => {
    const one = await planned();
    const screen = fakeTerminal();
    const report = await applyPlanned(one.planned, typed({ confirm: one.planned.plan.hash }), screen);
    expect([report, screen.said]).toEqual([{ done: ['lamp'], left: [] }, '✓ far: 1 change made\n']);
    const plan = await makePlan(one.machine, one.planned.resources);
    expect(await applyPlanned({ ...one.planned, plan }, typed({}), screen)).toEqual({ done: [], left: [] });
    expect(screen.said).toContain('far: nothing to do');
  });

  test.each([
    ['another hash', { confirm: '000000000000' }, /by now, not 000000000000; nothing was changed/],
    ['nobody to ask', {}, /nobody is here to ask; nothing was changed/],
  ])('%s changes nothing', async (_, values, says) => {
    const one = await planned();
    await expect(applyPlanned(one.planned, typed(values), fakeTerminal())).rejects.toThrow(says);
    expect(one.machine.told).toEqual(['is-on']);
  });

  describe('data that would go', () => {
    async function planned_() {
      let isThere = true;
      const machine = toldMachine((words) => {
        if (words === 'drop') isThere = false;
        return words === 'is-there' ? { code: isThere ? 0 : 1 } : undefined;
      });
      const old: Resource = {
        ...{ id: 'cluster old', class: 'data', after: [], reads: [command('is-there')] },
        compare: ([found]) =>
          found?.code === 0
            ? { lines: [{ sign: '-', text: 'old' }], commands: [command('drop')], destroys: true }
            : undefined,
      };
      const connection = { machine, knock: () => Promise.resolve(), operator: '192.0.2.1' };
      return { machine, planned: { connection, resources: [old], plan: await makePlan(machine, [old]) } };
    }

    test.each([
      ['confirmed alone', (hash: string) => ({ confirm: hash }), /destroys data, and nothing was changed/],
      ['with another target', (hash: string) => ({ confirm: hash, target: 'cluster' }), /destroys data/],
      ['with its target alone', () => ({ target: 'cluster old' }), /nobody is here to ask/],
      ['by another hash', () => ({ confirm: '0'.repeat(12), target: 'cluster old' }), /nothing was changed/],
    ])('%s, stays', async (_, values, says) => {
      const { machine, planned } = await planned_();
      const given = typed(values(planned.plan.hash));
      await expect(applyPlanned(planned, given, fakeTerminal())).rejects.toThrow(says);
      expect(machine.told).not.toContain('drop');
    });

    test('confirmed and named, goes; also where a person says yes, it must be named', async () => {
      const one = await planned_();
      const screen = fakeTerminal({ answers: ['yes'] });
      await expect(applyPlanned(one.planned, typed({}), screen)).rejects.toThrow('destroys data');
      expect(screen.said).toContain('cluster old (data), destroys data');
      const given = typed({ confirm: one.planned.plan.hash, target: 'cluster old' });
      expect(await applyPlanned(one.planned, given, screen)).toMatchObject({ done: ['cluster old'] });
      expect(one.machine.told).toContain('drop');
    });
  });

  test('a person sees the plan and decides', async () => {
    const one = await planned();
    const screen = fakeTerminal({ answers: ['no', 'yes'] });
    expect(await applyPlanned(one.planned, typed({}), screen)).toBeUndefined();
    expect(screen.said).toContain('off → on');
    expect(one.machine.told).not.toContain('on');
    expect(await applyPlanned(one.planned, typed({}), screen)).toMatchObject({ done: ['lamp'] });
  });

  test.each([
    ['stuck', 'lamp: it was changed, and is still not as it shall be'],
    ['falls back', 'all was done, and these are not as they shall be again'],
  ] as const)('what is %s is said', async (mood, says) => {
    const one = await planned(mood);
    const screen = fakeTerminal();
    const report = await applyPlanned(one.planned, typed({ confirm: one.planned.plan.hash }), screen);
    expect(report?.failed).toBeDefined();
    expect(screen.said).toContain(says);
    expect(one.machine.told.at(-1)).toMatch(mood === 'stuck' ? /^\{\[/ : /is-on/);
  });
});

describe('doctor', () => {
  const fit = {
    ...{
      os: 'debian',
      release: '12',
      architecture: 'x86_64',
      cores: 4,
      memory: 8 * 2 ** 30,
      free: 80 * 2 ** 30,
    },
    ...{ clock: 1000, isContainer: false, systemd: 'running', hasApt: true, listening: [22] },
  };
  const levels = (facts: typeof fit) =>
    judgeFacts('x', facts, 1000)
      .filter(({ level }) => level !== 'good')
      .map(({ level, says, remedy }) => [level, says, remedy !== undefined]);

  test('has nothing to say of a machine that is fit', () => {
    expect(levels(fit)).toEqual([]);
  });

  test.each([
    [{ os: 'alpine', release: '3' }, 'bad', 'runs alpine 3'],
    [{ systemd: '' }, 'bad', 'systemd is not there'],
    [{ clock: 1100 }, 'bad', 'clock differs by 100 s'],
    [{ free: 2 ** 30 }, 'bad', '1.0 GB free on /'],
    [{ memory: 4 * 2 ** 30 }, 'warning', '4.0 GB of memory'],
    [{ cores: 2 }, 'warning', '2 cores'],
  ])('has a remedy for %j', (change, level, says) => {
    expect(levels({ ...fit, ...change })).toEqual([[level, says, true]]);
  });

  test('says where a domain leads', () => {
    const ours = new Set(['192.0.2.1']);
    expect(judgeDomain('x', ['192.0.2.1'], ours).level).toBe('good');
    expect(judgeDomain('x', [], ours)).toMatchObject({ level: 'warning', says: 'has no address' });
    expect(judgeDomain('x', ['192.0.2.1', '192.0.2.9'], ours).says).toContain('leads to 192.0.2.9');
  });

  test('goes on when a machine is not there', async () => {
    const { code, said } = await hubctl([
      'doctor',
      '--json',
      '--config',
      configFile(),
      '--ssh-config',
      '/dev/null',
    ]);
    expect(code).toBe(1);
    const { findings } = JSON.parse(said) as { findings: { level: string; remedy?: string }[] };
    expect(findings.map(({ level }) => level)).toEqual(['bad', 'warning']);
    expect(findings.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });
});
