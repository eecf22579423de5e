import { userInfo } from 'node:os';
import { readCertificate, renewCertificate } from '../commands/certificate.ts';
import type { Environment, Host } from '../config/schema.ts';
import { Failure } from '../failure.ts';
import { certificatePlaces, certificateWanted, RENEW_NOW } from '../host/certificates.ts';
import { connect, type Connection } from '../machine/connect.ts';
import { handshake, type Shown } from '../machine/handshake.ts';
import { withLease } from '../machine/lease.ts';
import type { Machine } from '../machine/machine.ts';
import { runAll } from '../machine/run-all.ts';
import { certificateFaults, type CertificateState, certificateState } from '../resources/certificate.ts';
import { audited } from './audit.ts';
import { targetOf } from './session.ts';
import { harmless, paint, type Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

/** What is known of a host's certificate, and what is wrong with it. */
interface Status {
  host: string;
  state: CertificateState;
  shown: Shown;
  faults: string[];
}

/** Says which certificate each host has and shows, as the host and as a handshake from here tell. */
export async function certStatus(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const { environment, hosts } = targetOf(typed);
  const statuses: Status[] = [];
  for (const host of hosts) {
    statuses.push(await withConnection(host, typed, ({ machine }) => statusOf(machine, host, environment)));
  }
  return tell(statuses, typed, terminal);
}

/** Gets each host another certificate, and sees from here that it is the one that is shown. */
export async function certRenew(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const { name, environment, hosts } = targetOf(typed);
  if (environment.certificates.authorities.length === 0)
    throw new Failure(`${name} names no authority to ask`);
  const statuses: Status[] = [];
  for (const host of hosts) {
    const status = await withConnection(host, typed, async ({ machine, operator }) => {
      const who = `${userInfo().username} from ${operator}`;
      await withLease(machine, who, (leased) =>
        audited(leased, typed, { verb: 'cert renew' }, async () => {
          await runAll(leased, [renewCertificate(RENEW_NOW)]);
          return { done: ['certificate'], left: [] };
        }),
      );
      return statusOf(machine, host, environment);
    });
    statuses.push(status);
  }
  return tell(statuses, typed, terminal);
}

async function withConnection<T>(
  host: Host,
  typed: Typed,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect(host, typed.value('ssh-config'));
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Asks the machine, and `look` what it shows. */
export async function statusOf(
  machine: Machine,
  { name, address }: Pick<Host, 'name' | 'address'>,
  environment: Pick<Environment, 'domains' | 'certificates'>,
  look = handshake,
): Promise<Status> {
  const places = certificatePlaces(environment.domains);
  const [answer] = await machine.read([readCertificate(places)]);
  const state = certificateState(answer?.stdout ?? '');
  const shown = await look(address, places.port, places.domain);
  const faults = certificateFaults(state, certificateWanted(environment));
  if (shown.serial !== state.serial) faults.push(`shown to the outside is ${shown.serial} → ${state.serial}`);
  if (state.result !== 'success') faults.push(`its last renewal ended with ${state.result}`);
  return { host: name, state, shown, faults };
}

/** Says what was found; 2 where something is wrong. */
export function tell(statuses: readonly Status[], typed: Pick<Typed, 'json'>, terminal: Terminal): ExitCode {
  if (typed.json) terminal.out(`${JSON.stringify({ certificates: statuses }, undefined, 2)}\n`);
  else terminal.out(statuses.map((status) => statusText(status, terminal)).join(''));
  return statuses.some(({ faults }) => faults.length > 0) ? 2 : 0;
}

function statusText({ host, state, shown, faults }: Status, terminal: Terminal): string {
  const mark = faults.length === 0 ? paint(terminal, 'green', '✓') : paint(terminal, 'yellow', '!');
  const hours = Math.floor((state.until - state.now) / 3600);
  const left = hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
  const trust = shown.isTrusted ? 'trusted here' : 'not trusted here';
  const lines = [
    `${state.domains.join(', ')}, by ${state.issuer}, ${left} left, ${trust}`,
    ...[`serial ${state.serial}, shown ${shown.serial}`, ...faults].map((line) => `    ${line}`),
  ];
  return `${mark} ${host}: ${lines.map((line) => `${harmless(line)}\n`).join('')}`;
}
