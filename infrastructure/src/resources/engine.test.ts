import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { command, script } from '../commands/command.ts';
import { localMachine, type LocalMachine, PowerCut } from '../machine/local.fixture.ts';
import { planJson, planText } from '../cli/show.ts';
import { applyPlan } from './apply.ts';
import { file, fileId, type FileSpec } from './file.ts';
import { ordered } from './order.ts';
import { makePlan } from './plan.ts';
import type { Resource } from './resource.ts';

const knock = () => Promise.resolve();

const fileHere = (machine: LocalMachine, spec: FileSpec) =>
  file({
    ...{ owner: machine.owner, group: machine.owner, stateFolder: join(machine.folder, 'state') },
    ...spec,
    path: join(machine.folder, spec.path),
  });

async function makeSo(machine: LocalMachine, resources: readonly Resource[]) {
  return applyPlan(await makePlan(machine, resources), { machine, knock });
}

const content = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\0'));
const wanted = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('a', 'b', 'deep/er/c', "it's $HOME", '-n'),
    content,
    mode: fc.constantFrom('0644', '0600', '0440'),
    secret: fc.boolean(),
    reloads: fc.boolean(),
  }),
  { selector: ({ path }) => path, minLength: 1, maxLength: 3 },
);

/** Each file, where it reloads also with a log of its reloads. */
const resourcesOf = (
  machine: LocalMachine,
  specs: readonly { path: string; content: string; reloads: boolean }[],
) =>
  specs.map(({ reloads, ...spec }) =>
    fileHere(machine, {
      ...spec,
      ...(reloads && { then: [script('echo x >>"$1"', join(machine.folder, 'reloads'))] }),
    }),
  );

describe('plan ∘ apply ∘ plan = nothing', () => {
  test('whatever is there and whatever is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, wanted, async (before, after) => {
        await using machine = await localMachine();
        await makeSo(machine, resourcesOf(machine, before));
        const resources = resourcesOf(machine, after);
        const plan = await makePlan(machine, resources);
        expect(await applyPlan(plan, { machine, knock })).toMatchObject({ left: [] });
        expect(await makePlan(machine, resources)).toMatchObject({ steps: [] });
        for (const { path, content: text } of after) {
          expect(readFileSync(join(machine.folder, path), 'utf8')).toBe(text);
        }
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  test('after a power cut at any command, and what has to be reloaded is reloaded', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, fc.nat({ max: 8 }), async (specs, after) => {
        const cut = { after };
        await using machine = await localMachine(cut);
        const resources = resourcesOf(machine, specs);
        await makeSo(machine, resources).catch((error: unknown) => {
          if (!(error instanceof PowerCut)) throw error;
        });
        cut.after = Infinity;
        await makeSo(machine, resources);
        expect((await makePlan(machine, resources)).steps).toEqual([]);
        const reloads = specs.filter((one) => one.reloads).length;
        const log = join(machine.folder, 'reloads');
        const reloaded = existsSync(log) ? readFileSync(log, 'utf8').length / 2 : 0;
        expect(reloaded).toBeGreaterThanOrEqual(reloads);
      }),
      { numRuns: 6 },
    );
  }, 60_000);
});

describe('a plan', () => {
  test('reads everything in one round trip, and changes nothing', async () => {
    await using machine = await localMachine();
    let trips = 0;
    const counted = {
      ...machine,
      read: (all: Parameters<typeof machine.read>[0]) => (trips++, machine.read(all)),
    };
    const resources = ['a', 'b', 'c'].map((path) => fileHere(machine, { path, content: 'x' }));
    expect((await makePlan(counted, resources)).steps).toHaveLength(3);
    expect([trips, machine.asked]).toEqual([1, []]);
  });

  test('has the same hash while it is the same, and another one otherwise', async () => {
    await using machine = await localMachine();
    const hash = async (spec: FileSpec) => (await makePlan(machine, [fileHere(machine, spec)])).hash;
    const first = await hash({ path: 'a', content: 'x' });
    expect(first).toMatch(/^[0-9a-f]{12}$/);
    expect(await hash({ path: 'a', content: 'x' })).toBe(first);
    const others = [{ content: 'y' }, { path: 'b' }, { mode: '0600' }, { then: [command('true')] }];
    const hashes = await Promise.all(others.map((other) => hash({ path: 'a', content: 'x', ...other })));
    expect(new Set([first, ...hashes]).size).toBe(5);
  });

  test('shows lines that go and come, and the same to programs', async () => {
    await using machine = await localMachine();
    await writeFile(join(machine.folder, 'a'), 'one\ntwo\nthree\n', { mode: 0o644 });
    const plan = await makePlan(machine, [fileHere(machine, { path: 'a', content: 'one\n2\nthree\nfour' })]);
    const lines = ['- two', '+ 2', '+ four', '+ (no end of line)'];
    expect(planText(plan, { colours: false })).toBe(
      `here: 1 change, plan ${plan.hash}\n\n  ${fileId(join(machine.folder, 'a'))} (safe)\n${lines.map((line) => `    ${line}\n`).join('')}`,
    );
    expect(planText(plan, { colours: true })).toContain('\u001B[31m    - two\u001B[0m');
    expect(planJson(plan).changes[0]?.lines[0]).toEqual({ sign: '-', text: 'two' });
    expect(planText({ ...plan, steps: [] }, { colours: false })).toBe('✓ here: nothing to do\n');
  });
});

describe('the order', () => {
  const one = (id: string, ...after: string[]): Resource => ({
    ...{ id, after, class: 'safe', reads: [], compare: () => undefined },
  });
  const ids = (...resources: Resource[]) => ordered(resources).map(({ id }) => id);

  test('keeps what was given, but for what waits', () => {
    expect(ids(one('a', 'c'), one('b'), one('c'))).toEqual(['c', 'a', 'b']);
  });

  test('is refused where there is none', () => {
    expect(() => ids(one('a', 'b'), one('b', 'a'))).toThrow('wait for each other: a → b → a');
    expect(() => ids(one('a', 'x'))).toThrow('a comes after x, which is not there');
    expect(() => ids(one('a'), one('a'))).toThrow('same id');
  });
});

describe('apply', () => {
  test('stops at the first that fails, says what was and was not done, and goes on from there', async () => {
    await using machine = await localMachine();
    const check = { when: 'before', argv: ['grep', '-q', 'good'] } as const;
    const resources = (text: string) =>
      ['a', 'b', 'c'].map((path) =>
        fileHere(machine, { path, content: `${path} ${text}\n`, ...(path === 'b' && { check }) }),
      );
    const [a = '', b = '', c = ''] = resources('').map(({ id }) => id);
    const report = await makeSo(machine, resources('bad'));
    expect(report).toMatchObject({ done: [a], failed: { id: b }, left: [c] });
    expect(report.failed?.says).toContain('ended with 1');
    expect(existsSync(join(machine.folder, 'b'))).toBe(false);
    expect((await makeSo(machine, resources('good'))).done).toEqual([a, b, c]);
  });

  test('a file that does not hold in its place is put back', async () => {
    await using machine = await localMachine();
    const path = join(machine.folder, 'a');
    const spec = { path: 'a', check: { when: 'after', argv: ['grep', '-q', 'good', path] } } as const;
    await makeSo(machine, [fileHere(machine, { ...spec, content: 'good\n' })]);
    const report = await makeSo(machine, [fileHere(machine, { ...spec, content: 'bad\n' })]);
    expect(report.failed).toBeDefined();
    expect(readFileSync(path, 'utf8')).toBe('good\n');
  });

  test('a change that does not bring what it shall is a failure', async () => {
    await using machine = await localMachine();
    const stubborn: Resource = {
      ...{ id: 'stubborn', class: 'safe', after: [], reads: [command('true')] },
      compare: () => ({ lines: [{ sign: '~', text: 'off → on' }], commands: [command('true')] }),
    };
    expect((await makeSo(machine, [stubborn])).failed).toMatchObject({ details: ['~ off → on'] });
  });

  test('destroys no data that was not named, and then nothing at all was changed', async () => {
    await using machine = await localMachine();
    const path = join(machine.folder, 'data');
    await writeFile(path, 'precious');
    const drop: Resource = {
      ...{ id: 'cluster old', class: 'data', after: [], reads: [command('test', '-e', path)] },
      compare: ([found]) =>
        found?.code === 0
          ? { lines: [{ sign: '-', text: 'old' }], commands: [command('rm', path)], destroys: true }
          : undefined,
    };
    const plan = await makePlan(machine, [fileHere(machine, { path: 'a', content: 'x' }), drop]);
    await expect(applyPlan(plan, { machine, knock, targets: ['cluster'] })).rejects.toThrow('destroys data');
    expect([machine.asked, readFileSync(path, 'utf8')]).toEqual([[], 'precious']);
    expect(planText(plan, { colours: false })).toContain('cluster old (data), destroys data');
    expect(await applyPlan(plan, { machine, knock, targets: ['cluster old'] })).toMatchObject({ left: [] });
    expect(existsSync(path)).toBe(false);
  });
});

test('nothing secret is in a plan, its hash, its JSON, a report, or an argument', async () => {
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^canary-[a-z0-9]{20}$/), fc.boolean(), async (canary, isThere) => {
      await using machine = await localMachine();
      const spec = { path: 'key', mode: '0600', secret: true } as const;
      if (isThere) await makeSo(machine, [fileHere(machine, { ...spec, content: 'older\n' })]);
      // A check that prints what it was given, and refuses it.
      const check = { when: 'before', argv: ['grep', '-c', '-v', 'x', '--', '/dev/null'] } as const;
      const loud = { when: 'before', argv: ['sh', '-c', 'cat "$1"; exit 1', 'check'] } as const;
      const resources = [
        fileHere(machine, { ...spec, content: `a\n${canary}\n`, check: isThere ? loud : check }),
      ];
      const plan = await makePlan(machine, resources);
      const other = fileHere(machine, { ...spec, content: 'b\n', check: isThere ? loud : check });
      expect((await makePlan(machine, [other])).hash).toBe(plan.hash);
      const report = await applyPlan(plan, { machine, knock });
      const shown = [
        planText(plan, { colours: true }),
        JSON.stringify(planJson(plan)),
        JSON.stringify(report),
      ];
      const args = machine.asked.flatMap(({ argv }) => argv);
      expect([...shown, ...args].filter((text) => text.includes(canary))).toEqual([]);
      if (isThere) expect(report.failed?.details).toContain('[REDACTED]');
    }),
    { numRuns: 6 },
  );
});
