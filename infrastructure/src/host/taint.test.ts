import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HOST_LOG } from '../audit/record.ts';
import { applyPlanned } from '../cli/apply.ts';
import { plansText } from '../cli/plan.ts';
import { planJson } from '../cli/show.ts';
import { fakeTerminal } from '../cli/terminal.fixture.ts';
import type { Command, Outcome } from '../commands/command.ts';
import type { Machine } from '../machine/machine.ts';
import { makePlan, type Plan, type Step } from '../resources/plan.ts';
import { bare, CANARIES, FACTS, resourcesOn } from './bare-host.fixture.ts';

/** A secret, and what engines are given in its place. */
const TELLING = [
  ...CANARIES,
  ...CANARIES.map((one) => createHash('sha256').update(one).digest('hex')),
  ...CANARIES.map((one) => Buffer.from(one).toString('base64').replace(/=+$/, '')),
  'SCRAM-SHA-256$',
];
const tainted = (texts: readonly string[]) =>
  texts.filter((text) => TELLING.some((telling) => text.includes(telling)));

/** How a program that fails repeats what it was given. */
const LOUD: Record<string, (given: string) => string> = {
  whole: (given) => given,
  'in its own words': (given) => given.replaceAll(/^.*$/gm, 'psql: what is this: $& ?'),
  'word by word': (given) => given.replaceAll(/[\s'"]+/g, '\n'),
  'cut off': (given) => given.replaceAll(/^.*$/gm, (line) => line.slice(Math.floor(line.length / 4))),
};

interface LoudMachine extends Machine {
  /** What it was told for its audit log. */
  log: string[];
  argv: string[];
}

/** A bare machine where each command of a step fails, and says what it was given. */
function loudMachine(repeat: (given: string) => string): LoudMachine {
  const [log, argv]: [string[], string[]] = [[], []];
  const fine: Outcome = { code: 0, stdout: '', stderr: '' };
  const one = (command: Command): Outcome => {
    argv.push(...command.argv);
    if (command.argv.includes(HOST_LOG)) {
      log.push(command.stdin ?? '');
      return { ...fine, stdout: `1 ${'a'.repeat(64)}\n` };
    }
    if (command.secret !== true) return fine;
    const said = repeat(command.stdin ?? '');
    return { code: 1, stdout: said, stderr: said };
  };
  return {
    ...{ name: 'staging-1', log, argv },
    read: (commands) => Promise.resolve(commands.map(bare)),
    change: (commands) => {
      const outcomes = commands.map(one);
      const failed = outcomes.findIndex(({ code }) => code !== 0);
      return Promise.resolve(failed === -1 ? outcomes : outcomes.slice(0, failed + 1));
    },
  };
}

/** All that is shown of a step that is planned and applied. */
async function shownOf(step: Step, plan: Plan, repeat: (given: string) => string): Promise<string[]> {
  const machine = loudMachine(repeat);
  const screen = fakeTerminal();
  const facts = new Map<string, string>();
  const typed = {
    ...{ environment: undefined, json: false, facts, values: () => [] },
    value: (name: string) => (name === 'confirm' ? plan.hash : undefined),
  };
  const connection = { machine, knock: () => Promise.resolve(), operator: '192.0.2.1' };
  const planned = { connection, resources: [step.resource], plan: { ...plan, steps: [step] } };
  const report = await applyPlanned(planned, typed, screen);
  expect(report?.failed).toBeDefined();
  const known = [...facts].map((fact) => fact.join(' '));
  return [screen.said, screen.complained, JSON.stringify(report), ...machine.log, ...machine.argv, ...known];
}

describe.each(Object.entries(FACTS))('on %s', (_, text) => {
  test('no secret is in a plan, its JSON, drift, or what a command shows to others', async () => {
    const plan = await makePlan(loudMachine(String), resourcesOn(text));
    const commands = plan.steps.flatMap(({ change }) => change.commands);
    const open = commands.filter(({ secret }) => secret !== true);
    const shown = [
      plansText([plan], {}, { colours: true }),
      JSON.stringify(planJson(plan)),
      ...plan.steps.map(({ resource }) => resource.id),
      ...commands.flatMap(({ argv }) => argv),
      ...open.flatMap(({ stdin = '' }) => stdin),
    ];
    expect(tainted(shown)).toEqual([]);
    // Roles, users, a service’s file: whatever is secret goes there marked as such.
    expect(commands.filter(({ stdin = '' }) => tainted([stdin]).length > 0).length).toBe(5);
  });
});

test.each(Object.entries(LOUD))(
  'no secret is in a report, its JSON, the audit log or an argument where a program repeats it %s',
  async (_, repeat) => {
    const plan = await makePlan(loudMachine(repeat), resourcesOn(FACTS['debian-12']));
    const secret = plan.steps.filter(({ change }) => change.commands.some((one) => one.secret === true));
    expect(secret.map(({ resource }) => resource.id)).toEqual([
      'secrets on disk, encrypted',
      'postgresql roles',
      'file /etc/redis/users.acl',
    ]);
    const shown = await Promise.all(secret.map((step) => shownOf(step, plan, repeat)));
    expect(tainted(shown.flat())).toEqual([]);
    expect(shown.flat().join('\n')).toContain('[REDACTED]');
  },
);
