import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localMachine } from '../machine/local.fixture.ts';
import { type Entry, headOf, type Log, verifyLog } from './chain.ts';
import { readLog, record } from './record.ts';

const entry = (says: string): Entry => ({
  ...{ at: '2026-01-02T03:04:05.678Z', who: 'ann@laptop', verb: 'apply' },
  ...{ facts: { plan: '0123456789ab' }, outcome: 'done', says },
});

/** Words that a shell or JSON could stumble over. */
const WORDS = ['plain', `it's "quoted" \\ $HOME \`id\` %s`, 'ภาษาไทย', 'two\nlines', '', 'last'];

async function written(): Promise<Log> {
  await using machine = await localMachine();
  const path = join(machine.folder, 'deep/audit.jsonl');
  for (const word of WORDS) await record(machine, path, entry(word));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  return await readLog(machine, path);
}

const whole = await written();
const lines = whole.text.split('\n').slice(0, -1);
const as = (some: readonly string[]): Log => ({ ...whole, text: some.map((line) => `${line}\n`).join('') });

describe('a log', () => {
  test('holds what was written, each line with the hash of the one before', () => {
    expect(verifyLog(whole)).toEqual([]);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
      WORDS.map((says, index) => ({
        ...entry(says),
        number: index + 1,
        previous: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
    expect(whole.head?.number).toBe(WORDS.length);
    expect(verifyLog({ text: '', head: undefined })).toEqual([]);
  });

  test.each<[string, Log, string[]]>([
    ['removed', as(lines.toSpliced(2, 1)), ['line 3 was written as line 4']],
    ['removed at the end', as(lines.slice(0, 4)), ['lines 5 to 6 were removed at the end']],
    ['removed all', as([]), ['lines 1 to 6 were removed at the end']],
    ['swapped', as([lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]), ['line 1 was written as line 2']],
    ['changed', { ...whole, text: whole.text.replace('plain', 'other') }, ['line 1 was changed, or line 2']],
    ['changed at the end', { ...whole, text: whole.text.replace('last', 'lost') }, ['line 6 was changed']],
    ['cut off', { ...whole, text: whole.text.slice(0, -4) }, ['the last line is cut off']],
    ['written by another', as(lines.toSpliced(1, 0, 'hello')), ['line 2 is none that hubctl wrote']],
    ['without its head', { ...whole, head: undefined }, ['its head is missing']],
  ])('says which lines were %s', (_, log, says) => {
    const found = verifyLog(log);
    for (const one of says) expect(found).toContainEqual(expect.stringContaining(one));
  });

  test('whatever else is in the place of a log, it is found', () => {
    const { text } = whole;
    const at = fc.nat({ max: text.length - 1 });
    const changed = fc.oneof(
      fc.tuple(at, fc.string({ maxLength: 1 })).map(([i, by]) => text.slice(0, i) + by + text.slice(i + 1)),
      fc.tuple(at, fc.string()).map(([i, by]) => text.slice(0, i) + by + text.slice(i)),
      at.map((i) => text.slice(0, i)),
      fc.shuffledSubarray(lines).map((some) => as(some).text),
      fc.constantFrom(...lines).map((line) => `${text}${line}\n`),
    );
    fc.assert(
      fc.property(changed, (other) => {
        fc.pre(other !== text);
        expect(verifyLog({ ...whole, text: other })).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('writing', () => {
  test('many at once write one after the other', async () => {
    await using machine = await localMachine();
    const path = join(machine.folder, 'audit.jsonl');
    await Promise.all(Array.from({ length: 8 }, (_, index) => record(machine, path, entry(String(index)))));
    const log = await readLog(machine, path);
    expect([verifyLog(log), log.head?.number]).toEqual([[], 8]);
  });

  test('after a power cut the next line stands by itself, and the broken one is found', async () => {
    await using machine = await localMachine();
    const path = join(machine.folder, 'audit.jsonl');
    await record(machine, path, entry('one'));
    appendFileSync(path, '{"number":2,"previous":"cut');
    await record(machine, path, entry('three'));
    expect(verifyLog(await readLog(machine, path))).toEqual(['line 2 is none that hubctl wrote']);
  });

  test('a history that was written anew, head and all, is not the one that was noted', async () => {
    await using machine = await localMachine();
    const path = join(machine.folder, 'audit.jsonl');
    const noted = await record(machine, path, entry('what was done'));
    for (const one of [path, `${path}.head`]) writeFileSync(one, '');
    await record(machine, path, entry('what somebody says was done'));
    const log = await readLog(machine, path);
    expect(verifyLog(log)).toEqual([]);
    expect(verifyLog(log, noted && [noted])).toEqual(['line 1 was changed: it is not what was noted of it']);
    expect(headOf(readFileSync(`${path}.head`, 'utf8'))).toEqual(log.head);
  });

  test('what cannot be written down is said', async () => {
    await using machine = await localMachine();
    writeFileSync(join(machine.folder, 'file'), '');
    const nowhere = record(machine, join(machine.folder, 'file/audit.jsonl'), entry(''));
    await expect(nowhere).rejects.toThrow(/the audit log .* on here cannot be written/);
  });
});
