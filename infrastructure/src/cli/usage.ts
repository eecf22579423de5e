import type { ParseArgsConfig } from 'node:util';

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
  },
  doctor: {
    summary: 'look for what would go wrong, and say what to do about it',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
  },
  plan: {
    summary: 'show what would be changed, and change nothing',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
  },
  apply: {
    summary: 'make the changes of the plan that was shown',
    arguments: ['[ENVIRONMENT]'],
    options: {
      ...MACHINE,
      confirm: { type: 'string', value: 'HASH', says: 'the hash of the plan, instead of asking' },
      target: { type: 'string', multiple: true, value: 'ID', says: 'a resource whose data may be destroyed' },
    },
  },
  drift: {
    summary: 'say in a few lines whether machines are still as described, for a timer',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
  },
  'cert status': {
    summary: 'say which certificate is on disk, which is served, and for how long',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
  },
  'cert renew': {
    summary: 'get another certificate now, and see from here that it is served',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
  },
  'secrets key': {
    summary: 'make your age identity where there is none, and print its public part',
    options: {},
  },
  'secrets set': {
    summary: 'set a secret to what is typed or piped in',
    arguments: ['NAME', '[ENVIRONMENT]'],
    options: {},
  },
  'secrets edit': {
    summary: 'open all secrets in your editor, and encrypt them again',
    arguments: ['[ENVIRONMENT]'],
    options: {},
  },
  'secrets rotate': {
    summary: 'encrypt all secrets with a new key, for the readers of hub.config.yaml',
    arguments: ['[ENVIRONMENT]'],
    options: {},
  },
  'secrets who': {
    summary: 'say who can read which secrets, and how old they are',
    arguments: ['[ENVIRONMENT]'],
    options: {},
  },
  'audit verify': {
    summary: 'find what was changed in your audit log, and in those of the hosts of an environment',
    arguments: ['[ENVIRONMENT]'],
    options: MACHINE,
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

const EXIT = `Exit codes: 0 nothing to do, 2 changes or drift, 1 error.
`;

/** The help of hubctl, or of one verb. */
export function usage(verb?: VerbName): string {
  if (verb === undefined) {
    const verbs = Object.entries(VERBS).map(([name, { summary }]) => row(name, summary));
    return `hubctl VERB [ENVIRONMENT] [OPTIONS]\n\n${verbs.join('')}\n${optionRows(COMMON)}\n${EXIT}`;
  }
  const words = ['hubctl', verb, ...argumentsOf(verb), '[OPTIONS]'];
  return `${words.join(' ')}: ${VERBS[verb].summary}\n\n${optionRows(optionsOf(verb))}\n${EXIT}`;
}

const row = (left: string, right: string) => `  ${left.padEnd(22)} ${right}\n`;

const optionRows = (options: Record<string, Option>) =>
  Object.entries(options)
    .map(([name, { value, says }]) => row(value === undefined ? `--${name}` : `--${name} ${value}`, says))
    .join('');
