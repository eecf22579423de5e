import { hostname, userInfo } from 'node:os';
import { appendAudit, readAudit } from '../commands/audit.ts';
import { Failure } from '../failure.ts';
import { type Machine, shellMachine } from '../machine/machine.ts';
import { type Entry, type Head, headOf, type Log } from './chain.ts';

/** Where a host keeps what was done to it, by whichever operator. */
export const HOST_LOG = '/var/lib/hub/audit.jsonl';

/** The operator’s own machine. */
export const operatorMachine = (): Machine => shellMachine(hostname(), ['/bin/sh', '-s']);

/** Who types, and on which machine. */
export const operatorName = (): string => `${userInfo().username}@${hostname()}`;

/** Writes an action down; throws a Failure where that cannot be done. */
export async function record(machine: Machine, path: string, entry: Entry): Promise<Head | undefined> {
  const [answer] = await machine.change([appendAudit(path, entry)]);
  if (answer?.code === 0) return headOf(answer.stdout);
  const said = (answer?.stderr ?? '').split('\n').filter(Boolean);
  throw new Failure(`the audit log ${path} on ${machine.name} cannot be written`, said);
}

/** A log with its head. */
export async function readLog(machine: Machine, path: string): Promise<Log> {
  const [answer] = await machine.read([readAudit(path)]);
  const [head = '', ...lines] = (answer?.stdout ?? '').split('\n');
  return { head: headOf(head), text: lines.join('\n') };
}
