import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localMachine } from '../machine/local.fixture.ts';
import { file } from '../resources/file.ts';
import { makePlan } from '../resources/plan.ts';
import { applyPlanned } from './apply.ts';
import { plansText } from './plan.ts';
import { startTape } from './tape.fixture.ts';

test('a recording holds a plan and its apply as a person sees them, in asciinema’s format', async () => {
  await using machine = await localMachine();
  const path = join(machine.folder, 'motd');
  const resources = [file({ path, content: 'hello\n', owner: machine.owner, group: machine.owner })];
  const plan = await makePlan(machine, resources);
  const typed = {
    ...{ environment: undefined, json: false, facts: new Map<string, string>(), values: () => [] },
    value: (name: string) => (name === 'confirm' ? plan.hash : undefined),
  };
  const connection = { machine, knock: () => Promise.resolve(), operator: '192.0.2.1' };

  const tape = startTape();
  tape.type('npx hubctl plan');
  tape.terminal.out(plansText([plan], typed, tape.terminal));
  tape.type(`npx hubctl apply --confirm ${plan.hash}`);
  await applyPlanned({ connection, resources, plan }, typed, tape.terminal);

  const [header, ...events] = tape
    .cast()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const shown = events.map((event) => (Array.isArray(event) ? String(event[2]) : '')).join('');
  expect(header).toEqual({ version: 2, width: 100, height: 13 });
  expect(shown.split('\r\n')).toEqual([
    '$ npx hubctl plan',
    `\u001B[1mhere: 1 change, plan ${plan.hash}\u001B[0m`,
    '',
    `  file ${path} \u001B[2m(safe)\u001B[0m`,
    '\u001B[32m    + hello\u001B[0m',
    '',
    'Make these changes with:',
    `  hubctl apply --confirm ${plan.hash}`,
    '',
    `$ npx hubctl apply --confirm ${plan.hash}`,
    `\u001B[2m1/1 file ${path}\u001B[0m`,
    '\u001B[32m✓\u001B[0m here: 1 change made',
    '',
  ]);
});
