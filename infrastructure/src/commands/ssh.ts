import { quote } from './quote.ts';

/** Where sshd answers, and how the operator's own ssh gets there. */
export interface Endpoint {
  address: string;
  port: number;
  user: string;
  /** A configuration of ssh to be used instead of the operator's own. */
  sshConfig?: string | undefined;
  /** Folder for the socket of the shared connection; without it the connection is a new one. */
  controlFolder?: string | undefined;
}

/**
 * The call of the system's ssh (ssh_config(5)): keys, agent, jump hosts and known hosts are the operator's.
 * It never asks, so that a run without a person cannot hang.
 */
export function sshArgv(endpoint: Endpoint, remote: readonly string[]): string[] {
  const { address, port, user, sshConfig, controlFolder } = endpoint;
  return [
    'ssh',
    ...(sshConfig === undefined ? [] : ['-F', sshConfig]),
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'],
    ...['-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4'],
    ...sharing(controlFolder),
    ...['-p', String(port), '-l', user, '--', address, quote(remote)],
  ];
}

const sharing = (folder: string | undefined) =>
  folder === undefined
    ? ['-o', 'ControlMaster=no', '-o', 'ControlPath=none']
    : ['-o', 'ControlMaster=auto', '-o', `ControlPath=${folder}/%C`, '-o', 'ControlPersist=60'];

/** Ends the shared connection. */
export function sshExitArgv(endpoint: Endpoint): string[] {
  const { address, port, user, sshConfig, controlFolder } = endpoint;
  return [
    'ssh',
    ...(sshConfig === undefined ? [] : ['-F', sshConfig]),
    ...sharing(controlFolder),
    ...['-O', 'exit', '-p', String(port), '-l', user, '--', address],
  ];
}

/** A root shell that reads its script from stdin: the one thing that the user of hubctl may do besides `true`. */
export const rootShell = (user: string): string[] =>
  user === 'root' ? ['/bin/sh', '-s'] : ['sudo', '-n', '--', '/bin/sh', '-s'];
