import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { annotate } from '../config/annotate.ts';
import { readConfig } from '../config/read.ts';
import { Failure } from '../failure.ts';
import { CONFIG_FILE } from './session.ts';
import type { Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

/** What cannot be guessed, and how it is asked for; each is an option of the same name. */
const QUESTIONS = {
  environment: 'Environment, staging or production',
  host: 'Name of the machine, such as staging-1',
  address: 'Its IP address',
  domain: 'Domain of the platform, such as hub.example.com',
  key: 'File of your public key, such as id_ed25519.pub',
  email: 'E-mail address for alerts',
};

type Answers = Record<keyof typeof QUESTIONS, string>;

/** Asks for what was not given, and writes the configuration; never over one that is there. */
export async function init(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const file = typed.value('config') ?? CONFIG_FILE;
  if (existsSync(file)) throw new Failure(`${file} is there already; it was left as it is`);
  const answers = await askAll(typed, terminal);
  const text = annotate(readConfig(annotate(fromAnswers(answers)), 'what was answered'));
  writeFileSync(file, text, { flag: 'wx' });
  if (typed.json) terminal.out(`${JSON.stringify({ written: file }, undefined, 2)}\n`);
  else terminal.out(`${file} is written. Next: hubctl doctor\n`);
  return 0;
}

async function askAll(typed: Typed, terminal: Terminal): Promise<Answers> {
  const answers: Answers = { environment: '', host: '', address: '', domain: '', key: '', email: '' };
  const missing: string[] = [];
  for (const name of Object.keys(QUESTIONS).filter((one) => one in answers)) {
    if (!isQuestion(name)) continue;
    const given = typed.value(name) ?? (await terminal.ask?.(`${QUESTIONS[name]}: `));
    if (given === undefined) missing.push(`--${name}: ${QUESTIONS[name]}`);
    else answers[name] = given.trim();
  }
  if (missing.length > 0) throw new Failure('nobody is here to ask; these options are needed', missing);
  return answers;
}

const isQuestion = (name: string): name is keyof Answers => Object.hasOwn(QUESTIONS, name);

function fromAnswers({ environment, host, address, domain, key, email }: Answers) {
  if (!existsSync(key))
    throw new Failure(`there is no file ${key}`, [], 'Make a key with: ssh-keygen -t ed25519');
  const publicKey = readFileSync(key, 'utf8').trim();
  return {
    version: 1,
    environments: {
      [environment]: {
        hosts: [{ name: host, address }],
        domains: [domain],
        operators: { keys: [publicKey] },
        alerts: { email: { to: [email] } },
      },
    },
  };
}
