import type { ParseArgsConfig } from 'node:util';
import type { ExitCode } from './typed.ts';

type Option = NonNullable<ParseArgsConfig['options']>[string] & { says: string; value?: string };

const COMMON = {
  config: { type: 'string', value: 'FILE', says: 'instead of hub.config.yaml' },
  json: { type: 'boolean', says: 'for programs: one JSON document' },
  help: { type: 'boolean', short: 'h', says: 'this text' },
} as const satisfies Record<string, Option>;

const MACHINE = {
  host: { type: 'string', value: 'NAME', says: 'one host instead of all of the environment' },
  'ssh-config': { type: 'string', value: 'FILE', says: 'a configuration of ssh instead of your own' },
} as const satisfies Record<string, Option>;

interface Verb {
  summary: string;
  /** What stands after the verb; the environment is the last. */
  arguments?: readonly ('NAME' | '[ENVIRONMENT]')[];
  options: Record<string, Option>;
  /** As they are typed; the first is what most people want. */
  examples: readonly [string, ...string[]];
}

/** Every verb with what it takes: the help, the parser and the tests read this. */
export const VERBS = {
  init: {
    summary: 'ask what is needed and write hub.config.yaml',
    options: {
      environment: { type: 'string', value: 'NAME', says: 'staging or production' },
      host: { type: 'string', value: 'NAME', says: 'how hubctl calls the machine' },
      address: { type: 'string', value: 'ADDRESS', says: 'IP address or name of the machine' },
      domain: { type: 'string', value: 'DOMAIN', says: 'address of the platform' },
      key: { type: 'string', value: 'FILE', says: 'your public key' },
      email: { type: 'string', value: 'ADDRESS', says: 'who gets alerts' },
    },
    examples: ['hubctl init', 'hubctl init --config elsewhere/hub.config.yaml'],
  },
  doctor: {
    summary: 'look for what would go wrong, and say what to do about it',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl doctor staging'],
  },
  plan: {
    summary: 'show what would be changed, and change nothing',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl plan staging', 'hubctl plan production --host production-2 --json'],
  },
  apply: {
    summary: 'make the changes of the plan that was shown',
    arguments: ['[ENVIRONMENT]'],
    options: {
      ...MACHINE,
      confirm: { type: 'string', value: 'HASH', says: 'the hash of the plan, instead of asking' },
      target: { type: 'string', multiple: true, value: 'ID', says: 'a resource whose data may be destroyed' },
    },
    examples: ['hubctl apply staging', 'hubctl apply staging --confirm 9bb9c28aef8e'],
  },
  drift: {
    summary: 'say in a few lines whether machines are still as described, for a timer',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl drift production'],
  },
  'cert status': {
    summary: 'say which certificate is on disk, which is served, and for how long',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl cert status production'],
  },
  'cert renew': {
    summary: 'get another certificate now, and see from here that it is served',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl cert renew production --host production-1'],
  },
  'secrets key': {
    summary: 'make your age identity where there is none, and print its public part',
    options: {},
    examples: ['hubctl secrets key'],
  },
  'secrets set': {
    summary: 'set a secret to what is typed or piped in',
    arguments: ['NAME', '[ENVIRONMENT]'],
    options: {},
    examples: [
      'hubctl secrets set service-token staging',
      'openssl rand -hex 24 | hubctl secrets set service-token staging',
    ],
  },
  'secrets edit': {
    summary: 'open all secrets in your editor, and encrypt them again',
    arguments: ['[ENVIRONMENT]'],
    options: {},
    examples: ['hubctl secrets edit staging'],
  },
  'secrets rotate': {
    summary: 'encrypt all secrets with a new key, for the readers of hub.config.yaml',
    arguments: ['[ENVIRONMENT]'],
    options: {},
    examples: ['hubctl secrets rotate staging'],
  },
  'secrets who': {
    summary: 'say who can read which secrets, and how old they are',
    arguments: ['[ENVIRONMENT]'],
    options: {},
    examples: ['hubctl secrets who staging --json'],
  },
  'audit verify': {
    summary: 'find what was changed in your audit log, and in those of the hosts of an environment',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
    examples: ['hubctl audit verify', 'hubctl audit verify production'],
  },
} as const satisfies Record<string, Verb>;

export type VerbName = keyof typeof VERBS;

/** What may stand after a verb. */
export const argumentsOf = (verb: VerbName): readonly string[] => {
  const { arguments: taken = [] }: Verb = VERBS[verb];
  return taken;
};

export const isVerb = (name: string): name is VerbName => Object.hasOwn(VERBS, name);

/** All options of a verb, its own and those of every verb. */
export const optionsOf = (verb: VerbName): Record<string, Option> => ({ ...VERBS[verb].options, ...COMMON });

/** What a first word is about; verbs of one word are about machines. */
const GROUPS: readonly [heading: string, isOf: (name: string) => boolean][] = [
  ['Machines', (name) => !name.includes(' ')],
  ['Certificates', (name) => name.startsWith('cert ')],
  ['Secrets', (name) => name.startsWith('secrets ')],
  ['Audit log', (name) => name.startsWith('audit ')],
];

const FIRST = ['init', 'doctor', 'plan', 'apply'] as const;

const EXIT_CODES: Record<`${ExitCode}`, string> = {
  0: 'nothing to do, or all was done',
  1: 'an error, with words about what to do',
  2: 'something differs: changes, drift, a warning, or a plan that nobody confirmed',
};

const EXIT = `Exit codes:\n${Object.entries(EXIT_CODES)
  .map(([code, says]) => `  ${code}  ${says}\n`)
  .join('')}`;

/** The help of hubctl, or of one verb. */
export function usage(verb?: VerbName): string {
  return verb === undefined ? usageOfAll() : usageOf(verb);
}

function usageOfAll(): string {
  const names = Object.keys(VERBS).filter(isVerb);
  const groups = GROUPS.map(([heading, isOf]) => {
    const rows = names.filter(isOf).map((name) => row(name, VERBS[name].summary));
    return `${heading}:\n${rows.join('')}`;
  });
  const parts = [
    'hubctl makes a bare machine a hardened host, and keeps it one.\n',
    'Usage: hubctl VERB [ENVIRONMENT] [OPTIONS]\n',
    ...groups,
    `Options of every verb:\n${optionRows(COMMON)}`,
    `The first time:\n${FIRST.map((name) => `  ${VERBS[name].examples[0]}\n`).join('')}`,
    EXIT,
    'The environment is staging or production; it can be left out where hub.config.yaml has one alone.\n' +
      'More about a verb: hubctl VERB --help\n',
  ];
  return parts.join('\n');
}

function usageOf(verb: VerbName): string {
  const { summary, examples } = VERBS[verb];
  const parts = [
    `hubctl ${verb}: ${summary}\n`,
    `Usage: ${['hubctl', verb, ...argumentsOf(verb), '[OPTIONS]'].join(' ')}\n`,
    `Options:\n${optionRows(optionsOf(verb))}`,
    `Examples:\n${examples.map((example) => `  ${example}\n`).join('')}`,
    EXIT,
  ];
  return parts.join('\n');
}

const row = (left: string, right: string) => `  ${left.padEnd(22)} ${right}\n`;

const optionRows = (options: Record<string, Option>) =>
  Object.entries(options)
    .map(([name, { short, value, says }]) => {
      const long = `${short === undefined ? '' : `-${short}, `}--${name}`;
      return row(value === undefined ? long : `${long} ${value}`, says);
    })
    .join('');
