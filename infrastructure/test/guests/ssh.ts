import { attempt, type CallOptions, type Outcome } from './call.ts';
import type { SshEndpoint } from './guest.ts';

/** Runs a command by the system's `ssh`, as an operator would; its exit code is the command's, or 255. */
export function ssh(endpoint: SshEndpoint, command: string, options?: CallOptions): Promise<Outcome> {
  const { host, port, user, identity, knownHosts } = endpoint;
  const settings = [
    `UserKnownHostsFile=${knownHosts}`,
    ...['StrictHostKeyChecking=yes', 'BatchMode=yes', 'IdentitiesOnly=yes', 'ConnectTimeout=10'],
  ].flatMap((setting) => ['-o', setting]);
  const args = ['-F', 'none', '-i', identity, '-p', String(port), ...settings, `${user}@${host}`, command];
  return attempt('ssh', args, options);
}
