import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { rootShell, sshArgv, sshExitArgv } from '../commands/ssh.ts';
import { connect } from './connect.ts';
import { shellMachine } from './machine.ts';
import { run } from './spawn.ts';
import { sshFailure } from './ssh-failure.ts';

const endpoint = { address: '192.0.2.7', port: 2222, user: 'deploy' };

describe('the call of ssh', () => {
  test('never asks, and leaves keys, agent and known hosts to the operator', () => {
    expect(sshArgv({ ...endpoint, controlFolder: '/tmp/x' }, rootShell('deploy')).join(' ')).toBe(
      'ssh -T -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 ' +
        '-o ControlMaster=auto -o ControlPath=/tmp/x/%C -o ControlPersist=60 ' +
        '-p 2222 -l deploy -- 192.0.2.7 sudo -n -- /bin/sh -s',
    );
  });

  test('is a new connection where none may be shared', () => {
    expect(sshArgv({ ...endpoint, sshConfig: 'f' }, ['true']).join(' ')).toMatch(
      /^ssh -F f .*-o ControlMaster=no -o ControlPath=none .*-- 192\.0\.2\.7 true$/,
    );
    expect(sshExitArgv({ ...endpoint, sshConfig: 'f', controlFolder: '/tmp/x' }).join(' ')).toContain(
      '-O exit',
    );
    expect(rootShell('root')).toEqual(['/bin/sh', '-s']);
  });
});

describe('what went wrong is said in words that help', () => {
  test.each([
    [
      '@@@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @@@',
      /another host key .* known_hosts/,
      'ssh-keygen -R',
    ],
    ['Host key verification failed.', /host key of 192\.0\.2\.7:2222 is not in/, 'compare its fingerprint'],
    [
      'deploy@192.0.2.7: Permission denied (publickey).',
      /refused your key for the user deploy/,
      'ssh-add -l',
    ],
    ['ssh: Could not resolve hostname nowhere', /has no address/, 'DNS'],
    ['ssh: connect to host 192.0.2.7 port 2222: Connection refused', /does not answer/, 'firewall'],
    ['ssh: connect to host 192.0.2.7 port 2222: Connection timed out', /does not answer/, 'firewall'],
    ['sudo: a password is required', /may not become root/, 'visudo -c'],
  ])('%s', (stderr, says, remedy) => {
    const failure = sshFailure(endpoint, { code: 255, stdout: '', stderr });
    expect(failure.message).toMatch(says);
    expect(failure.remedy).toContain(remedy);
    expect(failure.details).toEqual([stderr]);
  });

  test.each([
    [22, "ssh-keygen -R '192.0.2.7'"],
    [2222, "ssh-keygen -R '[192.0.2.7]:2222'"],
  ])('a host key that changed is forgotten by the name that known_hosts has for port %d', (port, remedy) => {
    const stderr = 'WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!';
    const failure = sshFailure({ ...endpoint, port }, { code: 255, stdout: '', stderr });
    expect(failure.remedy?.split('you run: ')[1]).toBe(remedy);
  });

  test('or as ssh said it', () => {
    expect(sshFailure(endpoint, { code: 3, stdout: '', stderr: 'strange' })).toMatchObject({
      message: 'ssh to 192.0.2.7:2222 ended with 3',
      details: ['strange'],
    });
  });
});

test('a machine where nothing listens does not answer', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  const host = {
    name: 'gone',
    address: '127.0.0.1',
    port,
    user: 'deploy',
    firstUser: 'root',
    timeZone: 'Etc/UTC',
  };
  await expect(connect(host, '/dev/null')).rejects.toThrow(`127.0.0.1:${port} does not answer`);
});

test('a program that is not there is a failure with its name', async () => {
  await expect(run(['no-such-program'])).rejects.toThrow('no-such-program could not be started');
});

test('a connection that breaks in the middle is no answer', async () => {
  const lost = shellMachine('here', ['sh', '-c', 'cat >/dev/null; echo gone >&2; exit 255']);
  await expect(lost.read([{ argv: ['true'] }])).rejects.toMatchObject({
    message: 'the connection to here was lost (exit 255)',
    details: ['gone'],
  });
  expect(await lost.read([])).toEqual([]);
});
