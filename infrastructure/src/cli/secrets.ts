import { existsSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { recipientOf } from '../secrets/data-key.ts';
import { makeIdentity, readIdentities } from '../secrets/identities.ts';
import { Secret } from '../secrets/secret.ts';
import {
  newVault,
  openVault,
  plainText,
  rekeyed,
  saveVault,
  type Vault,
  withText,
  withValue,
} from '../secrets/vault.ts';
import { editPrivately } from './editor.ts';
import { type Target, targetOf } from './session.ts';
import type { Terminal } from './terminal.ts';
import type { ExitCode, Typed } from './typed.ts';

const placeOf = ({ secretsFile }: Target, { settings }: Terminal) => ({
  file: secretsFile,
  identityFile: settings.identityFile,
});

/** Prints the operator's own recipient, and makes the identity at the first time. */
export async function secretsKey(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const { identityFile } = terminal.settings;
  const recipient = existsSync(identityFile)
    ? await recipientOf(firstOf(readIdentities(identityFile)))
    : await makeIdentity(identityFile);
  if (typed.json) terminal.out(`${JSON.stringify({ recipient, file: identityFile }, undefined, 2)}\n`);
  else {
    terminal.out(`${recipient}\n`);
    terminal.err(`The other part is in ${identityFile}: keep a copy at a safe place.\n`);
  }
  return 0;
}

function firstOf([identity]: readonly Secret[]): Secret {
  if (!identity) throw new Error('a file of identities was read that holds none');
  return identity;
}

/** Sets one secret to what a person types unseen, or to what is piped in; makes the file at the first one. */
export async function secretsSet(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const target = targetOf(typed);
  const { name = '' } = typed;
  const place = placeOf(target, terminal);
  const { readers } = target.environment.secrets;
  const vault = existsSync(place.file) ? await openVault(place) : await newVault(place, readers);
  const typedIn = terminal.askHidden
    ? await terminal.askHidden(`Value of ${name}, which is not shown: `)
    : (await terminal.input()).replace(/\r?\n$/, '');
  await save(withValue(vault, name, new Secret(typedIn), new Date()), `${name} is set`, typed, terminal);
  return 0;
}

/** Opens all secrets in the operator's editor, on a file that is never on a disk. */
export async function secretsEdit(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const target = targetOf(typed);
  const vault = await openVault(placeOf(target, terminal));
  const edited = await editUntilRight(plainText(vault), vault, terminal);
  if (!edited) {
    tell('nothing was changed', [], typed, terminal);
    return 0;
  }
  await save(edited, 'encrypted again', typed, terminal);
  return 0;
}

async function editUntilRight(text: string, vault: Vault, terminal: Terminal): Promise<Vault | undefined> {
  const { editor = 'vi' } = terminal.settings;
  const written = await editPrivately(text, editor, process);
  if (written === plainText(vault)) return undefined;
  try {
    return withText(vault, written, new Date());
  } catch (error) {
    if (!(error instanceof Failure) || !terminal.ask) throw error;
    terminal.err(`${[error.message, ...error.details].join('\n  ')}\n`);
    const answer = await terminal.ask('Open it again? Type no to throw it away: ');
    if (answer.trim() === 'no') return undefined;
    return editUntilRight(written, vault, terminal);
  }
}

/** Another data key, for those whom the configuration names; who is no longer named cannot read what comes. */
export async function secretsRotate(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const target = targetOf(typed);
  const place = placeOf(target, terminal);
  const vault = await openVault(place);
  const next = await rekeyed(vault, place, target.environment.secrets.readers);
  const names = next.readers.map(({ name }) => name).join(', ');
  await save(next, `encrypted with a new key, for ${names}`, typed, terminal);
  const gone = vault.readers.filter(({ recipient }) => !next.recipients.includes(recipient));
  if (gone.length > 0) {
    const left = gone.map(({ name }) => name).join(', ');
    terminal.err(`${left} may have kept what was there: set each secret anew where it was made.\n`);
  }
  return 0;
}

const DAY_MS = 86_400_000;

/** Who can read what, and how old each secret is; 2 where the file is not for those whom the configuration names. */
export async function secretsWho(typed: Typed, terminal: Terminal): Promise<ExitCode> {
  const target = targetOf(typed);
  const { readers, services } = target.environment.secrets;
  const vault = await openVault(placeOf(target, terminal));
  const nameOf = (recipient: string) =>
    [...readers, ...vault.readers].find((reader) => reader.recipient === recipient)?.name ?? 'unknown';
  const people = vault.recipients.map((recipient) => ({ name: nameOf(recipient), recipient }));
  const secrets = [...vault.values.keys()].map((name) => ({
    name,
    days: daysOld(vault.changed.get(name)),
    services: services.filter((service) => service.secrets.includes(name)).map((service) => service.name),
  }));
  const differs = differences(vault, target);
  if (typed.json) {
    terminal.out(`${JSON.stringify({ readers: people, secrets, differs }, undefined, 2)}\n`);
  } else {
    const hosts = target.environment.hosts.map(({ name }) => name).join(', ');
    terminal.out(
      [
        'All secrets can be read by',
        ...people.map(({ name, recipient }) => `  ${name.padEnd(22)} ${recipient}`),
        '',
        ...secrets.map(({ name, days, services: given }) => {
          const age = days === undefined ? 'set by another tool' : `set ${days} days ago`;
          const whom = given.length > 0 ? `, on ${hosts} also by ${given.join(', ')}` : '';
          return `  ${name.padEnd(22)} ${age}${whom}`;
        }),
        ...differs,
        '',
      ].join('\n'),
    );
  }
  return differs.length > 0 ? 2 : 0;
}

/** Whole days since then. */
const daysOld = (at: string | undefined) =>
  at === undefined ? undefined : Math.max(0, Math.floor((Date.now() - Date.parse(at)) / DAY_MS));

function differences(vault: Vault, { environment }: Target): string[] {
  const named = environment.secrets.readers;
  const lines = [
    ...named
      .filter(({ recipient }) => !vault.recipients.includes(recipient))
      .map(
        ({ name }) => `${name} is named in the configuration and cannot read them yet: hubctl secrets rotate`,
      ),
    ...vault.recipients
      .filter((recipient) => !named.some((reader) => reader.recipient === recipient))
      .map(
        (recipient) =>
          `${recipient} is not named in the configuration and can read them: hubctl secrets rotate`,
      ),
  ];
  return lines;
}

async function save(vault: Vault, says: string, typed: Typed, terminal: Terminal): Promise<void> {
  await saveVault(vault, new Date());
  tell(says, [...vault.values.keys()], typed, terminal, vault.file);
}

function tell(says: string, names: string[], typed: Typed, terminal: Terminal, file?: string): void {
  if (typed.json) terminal.out(`${JSON.stringify({ says, file, names }, undefined, 2)}\n`);
  else terminal.out(`${file === undefined ? '' : `${file}: `}${says}\n`);
}
