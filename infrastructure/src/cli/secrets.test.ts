import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { exampleFile } from '../config/annotate.ts';
import { editPrivately } from './editor.ts';
import { runHubctl } from './run.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

let people = 0;

/** Somebody with an age identity of their own. */
async function person(name: string) {
  const identityFile = join(folder, `identity-${(people += 1)}`, 'keys.txt');
  const screen = fakeTerminal({ settings: { identityFile } });
  expect(await runHubctl(['secrets', 'key'], screen)).toBe(0);
  return { name, identityFile, recipient: screen.said.trim() };
}

type Person = Awaited<ReturnType<typeof person>>;

interface Called {
  as: Person;
  answers?: string[];
  input?: string;
  editor?: string;
}

/** A repository with a configuration that names these readers. */
function repository() {
  const home = mkdtempSync(join(folder, 'repository-'));
  const config = join(home, 'hub.config.yaml');
  const file = join(home, 'hub.secrets.staging.yaml');
  const nameIn = (readers: Person[], needed: string[]) => {
    const whole = parse(exampleFile()) as { environments: { staging: { secrets: unknown } } };
    whole.environments.staging.secrets = {
      readers: readers.map(({ name, recipient }) => ({ name, recipient })),
      services: [{ name: 'core-service', secrets: needed }],
    };
    writeFileSync(config, stringify(whole));
  };
  return {
    file,
    nameIn,
    readBy: (...readers: Person[]) => nameIn(readers, ['service-token']),
    hubctl: async (argv: string[], { as, answers, input, editor }: Called) => {
      const { identityFile } = as;
      const screen = fakeTerminal({ answers, input, settings: { identityFile, editor } });
      const code = await runHubctl([...argv, '--config', config], screen);
      // Whatever was done, nothing that was shown holds a value.
      expect(screen.said + screen.complained).not.toContain('canary');
      return { code, said: screen.said, complained: screen.complained };
    },
    text: () => readFileSync(file, 'utf8'),
  };
}

const CANARY = 'canary-5f0e: "x" #\n  second line';

async function withOne() {
  const ann = await person('ann');
  const here = repository();
  here.readBy(ann);
  expect(
    await here.hubctl(['secrets', 'set', 'service-token'], { as: ann, input: `${CANARY}\n` }),
  ).toMatchObject({
    code: 0,
    said: `${here.file}: service-token is set\n`,
    complained: '',
  });
  return { ann, here };
}

let scripts = 0;

/** A program that edits as this script of sed says. */
function sedEditor(script: string): string {
  const file = join(folder, `${(scripts += 1)}.sed`);
  writeFileSync(file, script);
  return `sed -i -f ${file}`;
}

describe('an identity', () => {
  test('is made once, for its owner alone, and its public part is printed', async () => {
    const ann = await person('ann');
    expect(ann.recipient).toMatch(/^age1/);
    expect(statSync(ann.identityFile).mode & 0o777).toBe(0o600);
    const again = fakeTerminal({ settings: { identityFile: ann.identityFile } });
    await runHubctl(['secrets', 'key', '--json'], again);
    expect(JSON.parse(again.said)).toEqual({ recipient: ann.recipient, file: ann.identityFile });
  });

  test('that others can read is not used', async () => {
    const { ann, here } = await withOne();
    writeFileSync(`${ann.identityFile}.open`, readFileSync(ann.identityFile), { mode: 0o644 });
    const as = { ...ann, identityFile: `${ann.identityFile}.open` };
    expect((await here.hubctl(['secrets', 'who'], { as })).complained).toContain('can be read by others');
  });
});

describe('set', () => {
  test('shows names and hides values, whoever types or pipes them in', async () => {
    const { ann, here } = await withOne();
    expect(here.text()).toMatch(/^service-token: ENC\[AES256_GCM,/);
    expect(here.text()).not.toContain('canary');
    await here.hubctl(['secrets', 'set', 'slack-webhook'], {
      as: ann,
      answers: ['https://hooks.example.com/x'],
    });
    expect(here.text()).toMatch(/^slack-webhook: ENC\[/m);
    expect(here.text()).not.toContain('hooks.example.com');
    // What the editor is given is what was set.
    const editor = `cp -t ${folder}`;
    expect((await here.hubctl(['secrets', 'edit'], { as: ann, editor })).said).toBe('nothing was changed\n');
    expect(parse(readFileSync(join(folder, 'secrets.yaml'), 'utf8'))).toEqual({
      'service-token': CANARY,
      'slack-webhook': 'https://hooks.example.com/x',
    });
  });

  test('changes one line and what vouches for all', async () => {
    const { ann, here } = await withOne();
    await here.hubctl(['secrets', 'set', 'other'], { as: ann, input: 'x' });
    const before = here.text().split('\n');
    await here.hubctl(['secrets', 'set', 'other'], { as: ann, input: 'y' });
    const changed = here
      .text()
      .split('\n')
      .filter((line) => !before.includes(line));
    const names = changed.map((line) => line.trim().split(/[: ]/)[0]);
    expect(names.filter((name) => name !== 'lastmodified')).toEqual(['other', '-', 'mac']);
  });

  test.each([
    [['secrets', 'set', 'Hunter2'], 'a name is 1 to 32'],
    [['secrets', 'set', 'sops'], 'a name is 1 to 32'],
    [['secrets', 'set', 'x', 'hunter2'], 'an environment is staging or production'],
    [['secrets', 'set', 'x', 'staging', 'hunter2'], 'does not take more than a name and an environment'],
    [['secrets', 'set'], 'secrets set needs a name'],
    [['secrets', 'get'], 'hubctl does not know secrets get'],
  ])('%j is refused, and nothing of it is repeated that may be secret', async (argv, says) => {
    const { ann, here } = await withOne();
    const before = here.text();
    const { code, complained } = await here.hubctl(argv, { as: ann, input: 'x' });
    expect([code, complained]).toEqual([1, expect.stringContaining(says)]);
    expect(complained.toLowerCase()).not.toContain('hunter2');
    expect(here.text()).toBe(before);
  });

  test('an empty value is refused', async () => {
    const { ann, here } = await withOne();
    const { complained } = await here.hubctl(['secrets', 'set', 'other'], { as: ann, input: '\n' });
    expect(complained).toContain('other is empty');
  });

  test('nobody locks themselves out', async () => {
    const [ann, bob] = [await person('ann'), await person('bob')];
    const here = repository();
    here.readBy(bob);
    const { complained } = await here.hubctl(['secrets', 'set', 'other'], { as: ann, input: 'x' });
    expect(complained).toContain('you are none of the readers');
    expect(existsSync(here.file)).toBe(false);
  });
});

test('a machine is only planned for when all that its services need is there', async () => {
  const { ann, here } = await withOne();
  here.nameIn([ann], ['service-token', 'redis-url']);
  const { code, complained } = await here.hubctl(['plan'], { as: ann });
  expect([code, complained]).toEqual([1, expect.stringContaining('redis-url, for core-service')]);
});

describe('who and rotate', () => {
  test('a reader is let in, and another is let out', async () => {
    const { ann, here } = await withOne();
    const bob = await person('bob');
    expect((await here.hubctl(['secrets', 'who'], { as: bob })).complained).toContain(
      'is not encrypted for you',
    );
    here.readBy(ann, bob);
    const before = await here.hubctl(['secrets', 'who'], { as: ann });
    expect([before.code, before.said]).toEqual([
      2,
      expect.stringContaining('bob is named in the configuration'),
    ]);

    const old = here.text();
    expect(await here.hubctl(['secrets', 'rotate'], { as: ann })).toMatchObject({
      code: 0,
      said: `${here.file}: encrypted with a new key, for ann, bob\n`,
    });
    const line = (text: string) => /^service-token: .*$/m.exec(text)?.[0];
    expect(line(here.text())).not.toBe(line(old));
    const { code, said } = await here.hubctl(['secrets', 'who', '--json'], { as: bob });
    expect([code, JSON.parse(said)]).toEqual([
      0,
      {
        readers: [ann, bob].map(({ name, recipient }) => ({ name, recipient })),
        secrets: [{ name: 'service-token', days: 0, services: ['core-service'] }],
        differs: [],
      },
    ]);

    here.readBy(bob);
    const out = await here.hubctl(['secrets', 'rotate'], { as: bob });
    expect(out.complained).toContain('ann may have kept what was there');
    expect((await here.hubctl(['secrets', 'who'], { as: ann })).code).toBe(1);
    expect((await here.hubctl(['secrets', 'who'], { as: bob })).said).toMatch(
      /bob {20}age1[\s\S]*service-token {10}set 0 days ago, on staging-1 also by core-service/,
    );
  });

  test('a reader that somebody slipped in is found, and never encrypted for', async () => {
    const { ann, here } = await withOne();
    const eve = await person('eve');
    const slipped = here
      .text()
      .replace('    age:\n', `    age:\n        - recipient: ${eve.recipient}\n          enc: x\n`);
    writeFileSync(here.file, slipped);
    for (const verb of ['who', 'rotate']) {
      const { code, complained } = await here.hubctl(['secrets', verb], { as: ann });
      expect([code, complained]).toEqual([1, expect.stringContaining(eve.recipient)]);
    }
  });

  test('a name that was changed beside a recipient is found', async () => {
    const { ann, here } = await withOne();
    writeFileSync(here.file, here.text().replace('- ann age1', '- bob age1'));
    expect((await here.hubctl(['secrets', 'who'], { as: ann })).complained).toContain('its MAC does not fit');
  });
});

describe('edit', () => {
  test('keeps comments and order, and says since when what changed', async () => {
    const { ann, here } = await withOne();
    const editor = sedEditor('1i # canary of a comment\n$a other: new');
    const { code, said, complained } = await here.hubctl(['secrets', 'edit'], { as: ann, editor });
    expect([code, said, complained]).toEqual([0, `${here.file}: encrypted again\n`, '']);
    expect(here.text()).toMatch(/^#ENC\[.*\nservice-token: ENC\[.*\nother: ENC\[/);
    expect(here.text()).not.toContain('canary');
    expect(here.text()).toMatch(/^ {4}- other 20/m);
  });

  test.each([
    ['false', /editor false ended with 1/],
    ['no-such-editor', /editor no-such-editor failed: .*ENOENT/],
    [
      sedEditor('s/service-token:.*/a: "b/'),
      /what is to be encrypted is not YAML|what you wrote is not YAML/,
    ],
    [sedEditor('s/^[a-z-]*: .*|/canary-5f0e/;s/^ /x/'), /what you wrote|a name is none/],
    [sedEditor('$a nested: {a: b}'), /nested must be a text/],
    [sedEditor('$a number: 1'), /number must be a text; put numbers in quotes/],
  ])('%s changes nothing', async (editor, says) => {
    const { ann, here } = await withOne();
    const before = here.text();
    const { code, complained } = await here.hubctl(['secrets', 'edit'], { as: ann, editor });
    expect([code, complained]).toEqual([1, expect.stringMatching(says)]);
    expect(here.text()).toBe(before);
  });

  test('a mistake is shown, and the text is there again', async () => {
    const { ann, here } = await withOne();
    const before = here.text();
    const editor = sedEditor('$a number: 1');
    // The second time there are two of that name, which is a mistake too.
    const answers = ['yes', 'no'];
    const { complained } = await here.hubctl(['secrets', 'edit'], { as: ann, editor, answers });
    expect(complained).toContain('number must be a text');
    expect(complained).toContain('duplicate key');
    expect([answers, here.text()]).toEqual([[], before]);
  });
});

describe('the file in memory', () => {
  test('is its owner’s alone while it is edited, and gone afterwards with all beside it', async () => {
    const seen = join(folder, 'seen');
    const script = join(folder, 'look.sh');
    writeFileSync(
      script,
      `stat -c '%a %T@ %n' "$1" >'${seen}'; stat -f -c %T "$1" >>'${seen}'; cp "$1" "$1~"\n`,
    );
    await editPrivately('plain', `sh ${script}`, new EventEmitter());
    expect(readFileSync(seen, 'utf8')).toMatch(/^600 .*\/dev\/shm\/hub-secrets-\w+\/secrets.yaml\ntmpfs\n$/);
    const path = /\/dev\/shm\/\S+/.exec(readFileSync(seen, 'utf8'))?.[0] ?? '';
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  test.each(['SIGTERM', 'SIGHUP'])('is gone after %s, and so is the editor', async (signal) => {
    const program = new EventEmitter();
    const ready = join(folder, `ready-${signal}`);
    const script = join(folder, `wait-${signal}.sh`);
    // A reader of a pipe that nobody writes to waits for ever.
    writeFileSync(script, `mkfifo '${ready}.pipe'; echo "$1" >'${ready}'; exec cat '${ready}.pipe'\n`);
    const edited = editPrivately('plain', `sh ${script}`, program);
    const path = await vi.waitFor(
      () => {
        const told = readFileSync(ready, 'utf8');
        expect(told).toMatch(/\n$/);
        return told.trim();
      },
      { timeout: 10_000 },
    );
    expect(readFileSync(path, 'utf8')).toBe('plain');
    program.emit(signal);
    expect(existsSync(path)).toBe(false);
    await expect(edited).rejects.toThrow('the editor sh was ended; nothing was changed');
    expect(program.listenerCount(signal)).toBe(0);
  });
});
