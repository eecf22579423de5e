import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Document, isMap, isScalar, isSeq } from 'yaml';
import { Failure } from '../failure.ts';
import { type Envelope, recipientOf, unwrap, wrap } from './data-key.ts';
import { readIdentities } from './identities.ts';
import { Secret } from './secret.ts';
import { openSops, parseYaml, put, sealSops, UNENCRYPTED, yamlText } from './sops-file.ts';

export interface Reader {
  name: string;
  /** The public part of their age identity. */
  recipient: string;
}

/** The secrets of an environment, in memory. */
export interface Vault {
  file: string;
  values: ReadonlyMap<string, Secret>;
  /** When each was set, as ISO 8601; none where another tool did it. */
  changed: ReadonlyMap<string, string>;
  /** Who can read them; none where the file is of another tool. */
  readers: readonly Reader[];
  recipients: readonly string[];
  sealed: Sealed;
}

/** What it takes to encrypt them again. */
interface Sealed {
  document: Document;
  dataKey: Uint8Array;
  envelopes: Envelope[];
  kept: Map<string, string>;
}

/**
 * Two lists stand in the file for everybody to read: who can read it, and when each secret was set. They are lists, since
 * SOPS vouches for values, and not for the names of those that it does not encrypt.
 */
const READERS = `readers${UNENCRYPTED}`;
const CHANGED = `changed${UNENCRYPTED}`;

/** As hub.config.yaml names them; what is SOPS's own cannot be one. */
export const isSecretName = (name: string): boolean => /^(?!sops$)[a-z][a-z0-9-]{0,31}$/.test(name);

const LINE = /^([a-z][a-z0-9-]{0,31}) (\S+)$/;

/** Where the secrets of an environment are, and the identities that may open them. */
export interface Place {
  file: string;
  identityFile: string;
}

/** Opens the file; throws a Failure where it is not there, not for us, or was tampered with. */
export async function openVault({ file, identityFile }: Place): Promise<Vault> {
  if (!existsSync(file))
    throw new Failure(`there is no ${file}`, [], 'Begin it with: hubctl secrets set NAME');
  const identities = readIdentities(identityFile);
  const opened = await openSops(await readFile(file, 'utf8'), file, (all) => unwrap(all, identities));
  const readers = linesOf(opened.document, READERS, file).map(([name, recipient]) => ({ name, recipient }));
  const changed = new Map(linesOf(opened.document, CHANGED, file));
  opened.document.delete(READERS);
  opened.document.delete(CHANGED);
  const recipients = opened.envelopes.map(({ recipient }) => recipient);
  requireSame(file, readers, recipients);
  return { file, values: valuesOf(opened.document, file), changed, readers, recipients, sealed: opened };
}

/** An empty vault for these readers, with a data key of its own; throws a Failure where we are none of them. */
export async function newVault({ file, identityFile }: Place, readers: readonly Reader[]): Promise<Vault> {
  await requireMe(identityFile, readers);
  const document = parseYaml('', file);
  const empty = { file, values: new Map(), changed: new Map() };
  return { ...empty, readers, recipients: recipientsOf(readers), sealed: await freshKey(document, readers) };
}

/** The same secrets for these readers, encrypted anew with another data key: who is none of them learns nothing new. */
export async function rekeyed(vault: Vault, place: Place, readers: readonly Reader[]): Promise<Vault> {
  await requireMe(place.identityFile, readers);
  const sealed = await freshKey(vault.sealed.document, readers);
  return { ...vault, readers, recipients: recipientsOf(readers), sealed };
}

const recipientsOf = (readers: readonly Reader[]) => readers.map(({ recipient }) => recipient);

async function freshKey(document: Document, readers: readonly Reader[]): Promise<Sealed> {
  const dataKey = randomBytes(32);
  return { document, dataKey, envelopes: await wrap(dataKey, recipientsOf(readers)), kept: new Map() };
}

/** What nobody of us could read would be lost. */
async function requireMe(identityFile: string, readers: readonly Reader[]): Promise<void> {
  const mine = await Promise.all(readIdentities(identityFile).map(recipientOf));
  if (readers.some(({ recipient }) => mine.includes(recipient))) return;
  throw new Failure(
    'you are none of the readers',
    mine,
    'Name yourself in hub.config.yaml, below secrets.readers of the environment.',
  );
}

/** With another value; throws a Failure where the name or the value is none. */
export function withValue(vault: Vault, name: string, value: Secret, now: Date): Vault {
  const document = vault.sealed.document.clone();
  put(document, name, value.reveal());
  return taken(vault, document, now);
}

/** As a person reads and edits them. */
export const plainText = ({ sealed }: Vault): string =>
  isMap(sealed.document.contents) && sealed.document.contents.items.length > 0
    ? yamlText(sealed.document)
    : '# name: value\n';

/** As edited; throws a Failure where the text is not names with values. */
export function withText(vault: Vault, text: string, now: Date): Vault {
  return taken(vault, parseYaml(text, 'what you wrote'), now);
}

/** Takes what stands in a document now; what is new or other was changed now. */
function taken(vault: Vault, document: Document, now: Date): Vault {
  const values = valuesOf(document, 'what is to be encrypted');
  const changed = [...values].flatMap(([name, value]): [string, string][] => {
    const isSame = vault.values.get(name)?.reveal() === value.reveal();
    const at = isSame ? vault.changed.get(name) : now.toISOString();
    return at === undefined ? [] : [[name, at]];
  });
  return { ...vault, values, changed: new Map(changed), sealed: { ...vault.sealed, document } };
}

/** Writes it, encrypted, so that at any moment there is the old or the new one. */
export async function saveVault(vault: Vault, now: Date): Promise<void> {
  const { sealed, readers, changed, file } = vault;
  const document = sealed.document.clone();
  const lists = {
    [READERS]: readers.map(({ name, recipient }) => `${name} ${recipient}`),
    [CHANGED]: [...changed].map(([name, at]) => `${name} ${at}`),
  };
  for (const [key, lines] of Object.entries(lists)) if (lines.length > 0) put(document, key, lines);
  const beside = `${file}.new`;
  await writeFile(beside, sealSops({ ...sealed, document }, now));
  await rename(beside, file);
}

function linesOf(document: Document, key: string, file: string): [string, string][] {
  const node: unknown = document.get(key);
  if (node === undefined) return [];
  const items: unknown[] = isSeq(node) ? node.items : [node];
  return items.map((item) => {
    const text: unknown = isScalar(item) ? item.value : undefined;
    const [, name, rest] = LINE.exec(typeof text === 'string' ? text : '') ?? [];
    if (name === undefined || rest === undefined)
      throw new Failure(`${file}: ${key} is not what hubctl wrote`);
    return [name, rest];
  });
}

/** A recipient in SOPS's list that the MAC does not know was put there by somebody who cannot read the file. */
function requireSame(file: string, readers: readonly Reader[], recipients: readonly string[]): void {
  if (readers.length === 0) return;
  const known = recipientsOf(readers);
  const odd = [
    ...recipients.filter((one) => !known.includes(one)),
    ...known.filter((one) => !recipients.includes(one)),
  ];
  if (odd.length === 0 && known.length === recipients.length) return;
  throw new Failure(
    `${file} names other readers below sops than it was encrypted for`,
    odd,
    'Take it back from git.',
  );
}

function valuesOf(document: Document, file: string): Map<string, Secret> {
  const items = isMap(document.contents) ? document.contents.items : [];
  const mistakes: string[] = [];
  const values = new Map<string, Secret>();
  for (const { key, value } of items) {
    const name = isScalar(key) ? String(key.value) : '';
    const text: unknown = isScalar(value) ? value.value : undefined;
    if (!isSecretName(name))
      // Not repeated: it may be part of a value that stands at a wrong place.
      mistakes.push('a name is none: 1 to 32 of a-z, 0-9 and -, beginning with a letter, and not sops');
    else if (typeof text !== 'string') mistakes.push(`${name} must be a text; put numbers in quotes`);
    else if (text === '') mistakes.push(`${name} is empty`);
    else values.set(name, new Secret(text));
  }
  if (mistakes.length > 0) throw new Failure(`${file} holds what is no secret of ours`, mistakes);
  return values;
}
