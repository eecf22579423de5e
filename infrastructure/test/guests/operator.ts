import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runHubctl } from '../../src/cli/run.ts';
import { fakeTerminal } from '../../src/cli/terminal.fixture.ts';
import { DOMAIN } from './dns.ts';
import type { Guest } from './guest.ts';

export interface Said {
  code: number;
  said: string;
  complained: string;
}

/** Somebody with a folder of their own, and the hubctl that they type. */
export interface Operator extends AsyncDisposable {
  /** Where their hub.config.yaml and their audit log are. */
  home: string;
  /** ssh’s configuration, which knows this guest alone. */
  sshConfig: string;
  /** Public part of their age identity. */
  recipient: string;
  /** Writes the configuration anew: the guest as host `one`, and what is said of its environment. */
  configure: (rest: object) => Promise<void>;
  /** A verb, as it is typed. */
  hubctl: (argv: readonly string[], input?: string) => Promise<Said>;
  /** Plans and applies what was planned. */
  apply: () => Promise<Said>;
  /** The same where it must go well; throws with what hubctl said. */
  converge: () => Promise<void>;
}

/** Verbs that talk to machines. */
const MACHINE: ReadonlySet<string> = new Set(['plan', 'apply', 'drift', 'doctor', 'cert', 'audit']);

/** An operator of this guest. No authority is asked for a certificate until one is named. */
export async function operatorOf({ address, ssh }: Guest): Promise<Operator> {
  const home = await mkdtemp(join(tmpdir(), 'hub-operator-'));
  const [config, sshConfig] = [join(home, 'hub.config.yaml'), join(home, 'ssh')];
  const settings = { identityFile: join(home, 'keys.txt'), auditFile: join(home, 'audit.jsonl') };
  const type = async (argv: readonly string[], input?: string) => {
    const screen = fakeTerminal({ settings, input });
    const code = await runHubctl(argv, screen);
    return { code, said: screen.said, complained: screen.complained };
  };
  const hubctl = (argv: readonly string[], input?: string) => {
    const machine = MACHINE.has(argv[0] ?? '') ? ['--ssh-config', sshConfig] : [];
    return type([...argv, '--config', config, ...machine], input);
  };
  const recipient = (await type(['secrets', 'key'])).said.trim();
  const key = (await readFile(`${ssh.identity}.pub`, 'utf8')).trim();
  const configure = (rest: object) => {
    const staging = {
      ...{ hosts: [{ name: 'one', address: address.v4 }], domains: [DOMAIN], operators: { keys: [key] } },
      ...{ certificates: { authorities: [] }, secrets: { readers: [{ name: 'ann', recipient }] } },
      ...rest,
    };
    return writeFile(config, stringify({ version: 1, environments: { staging } }));
  };
  const known = [`UserKnownHostsFile ${ssh.knownHosts}`, 'StrictHostKeyChecking yes'];
  await writeFile(sshConfig, [`IdentityFile ${ssh.identity}`, 'IdentitiesOnly yes', ...known, ''].join('\n'));
  await configure({});
  const apply = async () => {
    const { said } = await hubctl(['plan', '--json']);
    const { plans } = JSON.parse(said) as { plans?: { hash: string }[] };
    return hubctl(['apply', '--confirm', plans?.[0]?.hash ?? '']);
  };
  return {
    ...{ home, sshConfig, recipient, configure, hubctl, apply },
    converge: async () => {
      const { code, said, complained } = await apply();
      if (code !== 0) throw new Error(`apply ended with ${code}:\n${said}${complained}`);
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true }),
  };
}
