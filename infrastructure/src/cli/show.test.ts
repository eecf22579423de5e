import { expect, test } from 'vitest';
import { command } from '../commands/command.ts';
import { toldMachine } from '../machine/told.fixture.ts';
import { makePlan } from '../resources/plan.ts';
import type { Resource } from '../resources/resource.ts';
import { applyPlanned } from './apply.ts';
import { plansText } from './plan.ts';
import { harmless } from './terminal.ts';
import { fakeTerminal } from './terminal.fixture.ts';

/** Clears the screen, writes a line of its own, names the window, and turns what follows around. */
const EVIL = 'a\u001B[2J\rnothing to do\u001B]0;owned\u0007\u009B1m\u202Eb\tc';

test('what a machine says does nothing to the terminal that shows it', async () => {
  const machine = toldMachine((words) => (words === 'mend' ? { code: 1, stderr: EVIL } : undefined));
  const resource: Resource = {
    ...{ id: 'lamp', class: 'safe', after: [], reads: [command('look')] },
    compare: () => ({ lines: [{ sign: '-', text: EVIL }], commands: [command('mend')] }),
    notes: () => [EVIL],
  };
  const plan = await makePlan(machine, [resource]);
  const screen = fakeTerminal();
  const typed = {
    ...{ environment: undefined, json: false, facts: new Map<string, string>(), values: () => [] },
    value: (name: string) => (name === 'confirm' ? plan.hash : undefined),
  };
  const connection = { machine, knock: () => Promise.resolve(), operator: '192.0.2.1' };
  await applyPlanned({ connection, resources: [resource], plan }, typed, screen);
  const shown = [plansText([plan], typed, screen), screen.said, screen.complained].join('');
  expect(shown.match(/[^\P{Cc}\n\t]|\u202E/gu)).toBeNull();
  expect(shown.split(harmless(EVIL))).toHaveLength(4);
  expect(harmless('~ 1 → 2\tä ✓')).toBe('~ 1 → 2\tä ✓');
});
