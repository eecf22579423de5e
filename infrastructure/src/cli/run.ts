import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import { apply } from './apply.ts';
import { doctor } from './doctor.ts';
import { init } from './init.ts';
import { drift, plan } from './plan.ts';
import { paint, type Terminal } from './terminal.ts';
import { isVerb, optionsOf, usage, type VerbName } from './usage.ts';

/** 0 nothing to do, 2 changes or drift, 1 error. */
export type ExitCode = 0 | 1 | 2;

/** What was typed after the verb. */
export interface Typed {
  environment?: string | undefined;
  /** The last value of an option. */
  value: (name: string) => string | undefined;
  values: (name: string) => string[];
  json: boolean;
}

type Run = (typed: Typed, terminal: Terminal) => Promise<ExitCode>;

const RUN: Record<VerbName, Run> = { init, doctor, plan, apply, drift };

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

async function dispatch(
  [verb = '--help', ...rest]: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  if (['--help', '-h', 'help'].includes(verb)) {
    terminal.out(usage());
    return 0;
  }
  if (!isVerb(verb)) throw new Failure(`hubctl does not know ${verb}`, [], 'See: hubctl --help');
  const typed = parse(verb, rest);
  if (typed.value('help') !== undefined) {
    terminal.out(usage(verb));
    return 0;
  }
  return RUN[verb](typed, terminal);
}

function parse(verb: VerbName, args: readonly string[]): Typed {
  const { values, positionals } = parsed(verb, args);
  if (positionals.length > (verb === 'init' ? 0 : 1)) {
    throw new Failure(`${verb} does not take ${positionals.at(-1) ?? ''}`, [], `See: hubctl ${verb} --help`);
  }
  const all = (name: string) => [values[name] ?? []].flat().map(String);
  return {
    environment: positionals[0],
    value: (name) => all(name).at(-1),
    values: all,
    json: values['json'] === true,
  };
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
    `${paint(terminal, 'red', '✗')} ${message}`,
    ...details.map((line) => `  ${line}`),
    remedy ?? '',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}
