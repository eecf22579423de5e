import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HOST_LOG } from '../audit/record.ts';
import { Failure } from '../failure.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { anchorsOf, audited, verifyHost } from './audit.ts';
import { runHubctl } from './run.ts';
import { fakeTerminal } from './terminal.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const here = (name: string) => {
  const settings = {
    identityFile: join(folder, name, 'keys.txt'),
    auditFile: join(folder, name, 'audit.jsonl'),
  };
  return {
    ...settings,
    hubctl: async (...argv: string[]) => {
      const screen = fakeTerminal({ settings });
      return { code: await runHubctl(argv, screen), said: screen.said, complained: screen.complained };
    },
  };
};

test('every action is written down with who did it and how it came out, and help is none', async () => {
  const { hubctl, auditFile } = here('one');
  await hubctl('secrets', 'key');
  await hubctl('--help');
  await hubctl('plan', '-h');
  const missing = join(folder, 'nowhere.yaml');
  await hubctl('plan', 'staging', '--config', missing);
  await hubctl('secrets', 'set', 'token', '--config', missing);
  // A value that was typed where a name or an environment belongs.
  await hubctl('secrets', 'set', 'Hunter2');
  await hubctl('secrets', 'set', 'token', 'hunter2');
  const lines = readFileSync(auditFile, 'utf8').trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { who: string; [key: string]: unknown });
  expect(told.map(({ verb, outcome, facts, says }) => [verb, outcome, facts, says])).toEqual([
    ['secrets key', 'began', {}, undefined],
    ['secrets key', 'done', {}, undefined],
    ['plan', 'failed', { environment: 'staging' }, `there is no ${missing}`],
    ['secrets set', 'began', { name: 'token' }, undefined],
    ['secrets set', 'failed', { name: 'token' }, `there is no ${missing}`],
  ]);
  expect(told.every(({ who }) => /^\S+@\S+$/.test(who))).toBe(true);
});

test('verify is content with what was written, and names what was changed', async () => {
  const { hubctl, auditFile } = here('two');
  expect(await hubctl('audit', 'verify')).toMatchObject({ code: 0 });
  await hubctl('secrets', 'key');
  expect(await hubctl('audit', 'verify')).toEqual({
    code: 0,
    said: `✓ ${auditFile}: 2 lines, as they were written\n`,
    complained: '',
  });
  writeFileSync(auditFile, readFileSync(auditFile, 'utf8').replace('"done"', '"failed"'));
  const { code, said } = await hubctl('audit', 'verify', '--json');
  expect([code, JSON.parse(said)]).toEqual([
    1,
    {
      logs: [{ log: auditFile, lines: 2, findings: ['line 2 was changed: it is not what was noted of it'] }],
    },
  ]);
});

test('what cannot be written down is not done', async () => {
  const { hubctl, auditFile, identityFile } = here('three');
  writeFileSync(join(folder, 'three'), 'a file where a folder should be');
  const { code, complained } = await hubctl('secrets', 'key');
  expect([code, complained]).toEqual([1, expect.stringContaining(`${auditFile} on `)]);
  expect(existsSync(identityFile)).toBe(false);
});

test('a host remembers what was applied, and the operator how far its log was', async () => {
  const hash = 'a'.repeat(64);
  let lines = 0;
  const machine = toldMachine((words) =>
    words.includes(HOST_LOG) ? { stdout: `${(lines += 1)} ${hash}\n` } : undefined,
  );
  const facts = new Map<string, string>();
  await audited(machine, { facts }, { verb: 'apply', plan: '0123456789ab' }, () =>
    Promise.resolve({ done: ['x'], left: [] }),
  );
  expect(Object.fromEntries(facts)).toEqual({ 'plan far': '0123456789ab', 'log far': `2 ${hash}` });
  expect(
    machine.told.map((words) => /outcome[^:]*:[^"]*"(\w+)/.exec(words.replaceAll('\\', ''))?.[1]),
  ).toEqual(['began', 'done']);
  const gone = () => Promise.reject(new Failure('far does not answer'));
  await expect(audited(machine, { facts }, { verb: 'apply', plan: '0123456789ab' }, gone)).rejects.toThrow(
    'does not answer',
  );
  expect(machine.told.at(-1)).toContain('far does not answer');

  const entry = {
    at: '',
    who: '',
    verb: 'apply',
    outcome: 'done',
    facts: Object.fromEntries(facts),
  } as const;
  expect(anchorsOf([entry], 'near')).toEqual([]);
  const { findings } = await verifyHost(
    toldMachine(() => ({ stdout: '\n' })),
    anchorsOf([entry], 'far'),
  );
  expect(findings).toContain('lines 1 to 4 were removed at the end');
});
