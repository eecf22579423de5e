import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import { apply } from './apply.ts';
import { auditVerify } from './audit.ts';
import { certRenew, certStatus } from './cert.ts';
import { doctor } from './doctor.ts';
import { init } from './init.ts';
import { journaled } from './journal.ts';
import { drift, plan } from './plan.ts';
import { isSecretName } from '../secrets/vault.ts';
import { secretsEdit, secretsKey, secretsRotate, secretsSet, secretsWho } from './secrets.ts';
import { harmless, paint, type Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';
import { argumentsOf, isVerb, optionsOf, usage, type VerbName, VERBS } from './usage.ts';

type Run = (typed: Typed, terminal: Terminal) => Promise<ExitCode>;

const RUN: Record<VerbName, Run> = {
  ...{ init, doctor, plan, apply, drift },
  'cert status': certStatus,
  'cert renew': certRenew,
  'secrets key': secretsKey,
  'secrets set': secretsSet,
  'secrets edit': secretsEdit,
  'secrets rotate': secretsRotate,
  'secrets who': secretsWho,
  'audit verify': auditVerify,
};

/** Does what was typed; never throws for a mistake of whoever typed, nor for one of a machine. */
export async function runHubctl(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (argv.includes('--json')) terminal.out(`${JSON.stringify({ error: wordsOf(error) }, undefined, 2)}\n`);
    else terminal.err(failureText(error, terminal));
    return 1;
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (['--help', '-h', 'help', undefined].includes(argv[0])) {
    terminal.out(usage());
    return 0;
  }
  const { verb, rest } = verbOf(argv);
  const typed = parse(verb, rest);
  if (typed.value('help') !== undefined) {
    terminal.out(usage(verb));
    return 0;
  }
  return journaled(verb, typed, terminal.settings.auditFile, () => RUN[verb](typed, terminal));
}

/** A verb has one word, or two. */
function verbOf([first = '', second = '', ...rest]: readonly string[]) {
  const both = `${first} ${second}`;
  if (isVerb(both)) return { verb: both, rest };
  if (isVerb(first)) return { verb: first, rest: second === '' ? rest : [second, ...rest] };
  const known = Object.keys(VERBS).filter((verb) => verb.startsWith(`${first} `));
  throw new Failure(
    `hubctl does not know ${known.length > 0 ? both.trim() : first}`,
    known,
    'See: hubctl --help',
  );
}

function parse(verb: VerbName, args: readonly string[]): Typed {
  const { values, positionals } = parsed(verb, args);
  const taken = argumentsOf(verb);
  const remedy = `See: hubctl ${verb} --help`;
  if (positionals.length > taken.length) {
    // Not repeated: what stands where a secret's value does not belong may be one.
    const odd = taken[0] === 'NAME' ? 'more than a name and an environment' : (positionals.at(-1) ?? '');
    throw new Failure(`${verb} does not take ${odd}`, [], remedy);
  }
  const all = (name: string) => [values[name] ?? []].flat().map(String);
  const isNamed = taken[0] === 'NAME';
  const [name, environment] = isNamed ? positionals : [undefined, ...positionals];
  if (isNamed && name === undefined && values['help'] !== true) {
    throw new Failure(`${verb} needs a name`, [], remedy);
  }
  refuseOdd(name, environment, remedy);
  return {
    ...{ name, environment },
    value: (name) => all(name).at(-1),
    values: all,
    json: values['json'] === true,
    facts: new Map(),
  };
}

/** What is no name and no environment is not repeated, nor written down: it may be a value that was typed by mistake. */
function refuseOdd(name: string | undefined, environment: string | undefined, remedy: string): void {
  if (name !== undefined && !isSecretName(name)) {
    throw new Failure(
      'a name is 1 to 32 of a-z, 0-9 and -, beginning with a letter, and not sops',
      [],
      remedy,
    );
  }
  if (environment !== undefined && !['staging', 'production'].includes(environment)) {
    throw new Failure('an environment is staging or production', [], remedy);
  }
}

function parsed(verb: VerbName, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionsOf(verb), allowPositionals: true });
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    throw new Failure(says, [], `See: hubctl ${verb} --help`);
  }
}

const wordsOf = ({ message, details, remedy }: Failure) => ({ message, details, remedy });

function failureText({ message, details, remedy }: Failure, terminal: Terminal): string {
  const lines = [
    `${paint(terminal, 'red', '✗')} ${harmless(message)}`,
    ...details.map((line) => `  ${harmless(line)}`),
    remedy ?? '',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}
