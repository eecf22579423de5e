import type { Outcome } from '../commands/command.ts';
import type { Endpoint } from '../commands/ssh.ts';
import { Failure } from '../failure.ts';

type Words = (endpoint: Endpoint) => { says: string; remedy: string };

const where = ({ address, port }: Endpoint) => `${address}:${port}`;

/** As known_hosts has it: with the port where it is another than 22 (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
const knownAs = ({ address, port }: Endpoint) => (port === 22 ? address : `[${address}]:${port}`);

/** What OpenSSH and sudo say, and what it means. */
const KNOWN: readonly [RegExp, Words][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    (to) => ({
      says: `${where(to)} shows another host key than the one in your known_hosts`,
      remedy:
        'Either the machine was made anew, or somebody is between. Compare its fingerprint at the provider’s console ' +
        `before you run: ssh-keygen -R '${knownAs(to)}'`,
    }),
  ],
  [
    /Host key verification failed|No .* host key is known/i,
    (to) => ({
      says: `the host key of ${where(to)} is not in your known_hosts`,
      remedy: `Connect once and compare its fingerprint: ssh -p ${to.port} ${to.user}@${to.address}`,
    }),
  ],
  [
    /Permission denied|Too many authentication failures/i,
    (to) => ({
      says: `${where(to)} refused your key for the user ${to.user}`,
      remedy: 'See which keys are offered with: ssh-add -l',
    }),
  ],
  [
    /Could not resolve hostname/i,
    (to) => ({
      says: `the name ${to.address} has no address`,
      remedy: 'Correct it in hub.config.yaml, or the DNS.',
    }),
  ],
  [
    /Connection refused|timed out|No route to host|Network is unreachable|Connection closed|Connection reset/i,
    (to) => ({
      says: `${where(to)} does not answer`,
      remedy: 'Is it running, is the port right, and does a firewall let you through?',
    }),
  ],
  [
    /sudo: (?:a password is required|a terminal is required|.*not allowed)|is not in the sudoers file/i,
    (to) => ({
      says: `${to.user} may not become root on ${where(to)} without a password`,
      remedy: 'Sign in at the provider’s console as root and look at: visudo -c',
    }),
  ],
];

/** Why ssh could not do it, in words that help; what it said itself stands below. */
export function sshFailure(endpoint: Endpoint, { code, stderr }: Outcome): Failure {
  const said = stderr.trim().split('\n').filter(Boolean);
  const known = KNOWN.find(([pattern]) => pattern.test(stderr));
  if (!known) return new Failure(`ssh to ${where(endpoint)} ended with ${code}`, said);
  const { says, remedy } = known[1](endpoint);
  return new Failure(says, said, remedy);
}

/** True where another user may be tried: the machine is there, and is the right one. */
export const isRefused = (outcome: Outcome): boolean =>
  outcome.code === 255 && /Permission denied|Too many authentication failures/i.test(outcome.stderr);
