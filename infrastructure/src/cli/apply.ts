import { userInfo } from 'node:os';
import { Failure } from '../failure.ts';
import { withLease } from '../machine/lease.ts';
import { applyPlan, type Report } from '../resources/apply.ts';
import { makePlan, type Plan } from '../resources/plan.ts';
import { audited } from './audit.ts';
import { secretsOf, type Planned, targetOf, withPlan } from './session.ts';
import { changes, planText } from './show.ts';
import { harmless, paint, type Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

/** Makes each host as it shall be, one after the other; stops at the first that fails. */
export async function apply(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const target = targetOf(typed);
  if (typed.value('confirm') !== undefined && target.hosts.length > 1) {
    throw new Failure('a hash is of one host’s plan', [], 'Name the host with --host.');
  }
  const reports: Record<string, Report> = {};
  const { environment } = target;
  const secrets = await secretsOf(target, terminal);
  for (const host of target.hosts) {
    const report = await withPlan({ environment, host, typed, secrets }, (planned) =>
      applyPlanned(planned, typed, terminal),
    );
    if (report) reports[host.name] = report;
    if (!report || report.failed) break;
  }
  if (typed.json) terminal.out(`${JSON.stringify({ hosts: reports }, undefined, 2)}\n`);
  if (Object.values(reports).some(({ failed }) => failed)) return 1;
  return Object.keys(reports).length < target.hosts.length ? 2 : 0;
}

/** Makes the changes of a plan that is confirmed by its hash or by a person; nothing where the person said no. */
export async function applyPlanned(
  planned: Planned,
  typed: Typed,
  terminal: Terminal,
): Promise<Report | undefined> {
  const { plan } = planned;
  const say = (text: string) => {
    if (!typed.json) terminal.out(text);
  };
  if (plan.steps.length === 0) {
    say(planText(plan, terminal));
    return { done: [], left: [] };
  }
  if (!(await isConfirmed(plan, typed, terminal))) return undefined;
  const report = await make(planned, typed, terminal);
  say(reportText(plan.host, report, terminal));
  return report;
}

async function isConfirmed(plan: Plan, typed: Typed, terminal: Terminal): Promise<boolean> {
  const confirmed = typed.value('confirm');
  if (confirmed !== undefined) {
    if (confirmed === plan.hash) return true;
    throw new Failure(
      `the plan of ${plan.host} is ${plan.hash} by now, not ${confirmed}; nothing was changed`,
      [],
      'Look at it again with: hubctl plan',
    );
  }
  if (!terminal.ask || typed.json) {
    throw new Failure(
      'nobody is here to ask; nothing was changed',
      [],
      'Give the hash of a plan with --confirm.',
    );
  }
  terminal.out(planText(plan, terminal));
  return (await terminal.ask(`\nMake these changes on ${plan.host}? Type yes: `)).trim() === 'yes';
}

async function make(
  { connection, resources, plan }: Planned,
  typed: Typed,
  terminal: Terminal,
): Promise<Report> {
  const { machine, knock, operator } = connection;
  const who = `${userInfo().username} from ${operator}`;
  const report = await withLease(machine, who, (leased) =>
    audited(leased, typed, { verb: 'apply', plan: plan.hash }, () =>
      applyPlan(plan, {
        ...{ machine: leased, knock, targets: typed.values('target') },
        onStep: (id, index, all) => terminal.err(`${paint(terminal, 'dim', `${index}/${all} ${id}`)}\n`),
      }),
    ),
  );
  if (report.failed) return report;
  const { steps } = await makePlan(machine, resources);
  const left = steps.map(({ resource }) => resource.id);
  if (left.length === 0) return report;
  const says = 'all was done, and these are not as they shall be again; another plan shows them';
  return { done: report.done, failed: { id: left[0] ?? '', says, details: left }, left };
}

function reportText(host: string, { done, failed, left }: Report, terminal: Terminal): string {
  if (!failed) return `${paint(terminal, 'green', '✓')} ${host}: ${changes(done.length)} made\n`;
  const lines = [
    `${paint(terminal, 'red', '✗')} ${host}: ${failed.id}: ${harmless(failed.says)}`,
    ...failed.details.map((line) => `    ${harmless(line)}`),
    `  done: ${done.join(', ') || 'nothing'}`,
    `  not done: ${[failed.id, ...left].join(', ')}`,
    'Mend it and apply again: what is done is not done twice.',
  ];
  return `${lines.join('\n')}\n`;
}
