import { type Entry, entriesOf, type Head, headOf, headText, verifyLog } from '../audit/chain.ts';
import { HOST_LOG, operatorMachine, operatorName, readLog, record } from '../audit/record.ts';
import { Failure } from '../failure.ts';
import { connect } from '../machine/connect.ts';
import type { Machine } from '../machine/machine.ts';
import type { Report } from '../resources/apply.ts';
import { targetOf } from './session.ts';
import { paint, type Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';
import type { VerbName } from './usage.ts';

interface Verdict {
  log: string;
  lines: number;
  findings: string[];
}

/**
 * Looks whether the operator's own log is as it was written; with an environment also the logs of its hosts, against
 * their heads and against those that were noted here after each apply.
 */
export async function auditVerify(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const { auditFile } = terminal.settings;
  if (auditFile === undefined) throw new Failure('there is no audit log');
  const own = await readLog(operatorMachine(), auditFile);
  const entries = entriesOf(own);
  const verdicts: Verdict[] = [{ log: auditFile, lines: entries.length, findings: verifyLog(own) }];
  if (typed.environment !== undefined) {
    for (const host of targetOf(typed).hosts) {
      const connection = await connect(host, typed.value('ssh-config'));
      try {
        verdicts.push(await verifyHost(connection.machine, anchorsOf(entries, host.name)));
      } finally {
        await connection.close();
      }
    }
  }
  if (typed.json) terminal.out(`${JSON.stringify({ logs: verdicts }, undefined, 2)}\n`);
  else terminal.out(verdicts.map((verdict) => verdictText(verdict, terminal)).join(''));
  return verdicts.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

/** A host's log, against its own head and those that the operator noted. */
export async function verifyHost(machine: Machine, anchors: readonly Head[]): Promise<Verdict> {
  const log = await readLog(machine, HOST_LOG);
  const name = `${machine.name}:${HOST_LOG}`;
  return { log: name, lines: entriesOf(log).length, findings: verifyLog(log, anchors) };
}

const verdictText = ({ log, lines, findings }: Verdict, terminal: Terminal) =>
  findings.length === 0
    ? `${paint(terminal, 'green', '✓')} ${log}: ${lines} lines, as they were written\n`
    : `${paint(terminal, 'red', '✗')} ${log}\n${findings.map((finding) => `    ${finding}\n`).join('')}`;

const factName = (host: string) => `log ${host}`;

/** What was noted of a host's log. */
export const anchorsOf = (entries: readonly Entry[], host: string): Head[] =>
  entries.flatMap(({ facts }) => headOf(facts[factName(host)] ?? '') ?? []);

/** What is done to a host: the verb, and the hash of the plan where there is one. */
interface Action {
  verb: VerbName;
  plan?: string;
}

/** Changes a host and writes it down on that host, where every operator's actions meet; notes where that log is. */
export async function audited(
  machine: Machine,
  typed: Pick<Typed, 'facts'>,
  { verb, plan }: Action,
  work: () => Promise<Report>,
): Promise<Report> {
  const facts = plan === undefined ? {} : { plan };
  const write = async (outcome: Entry['outcome'], says?: string) => {
    const at = new Date().toISOString();
    const head = await record(machine, HOST_LOG, { at, who: operatorName(), verb, facts, outcome, says });
    if (head) typed.facts.set(factName(machine.name), headText(head));
  };
  if (plan !== undefined) typed.facts.set(`plan ${machine.name}`, plan);
  await write('began');
  try {
    const report = await work();
    const { failed } = report;
    await write(failed ? 'failed' : 'done', failed && `${failed.id}: ${failed.says}`);
    return report;
  } catch (error) {
    // Where the machine is gone it cannot be told; what began and has no end shows in its log.
    await write('failed', error instanceof Failure ? error.message : 'cut off').catch(() => undefined);
    throw error;
  }
}
