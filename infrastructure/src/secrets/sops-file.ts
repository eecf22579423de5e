import { createHash, timingSafeEqual } from 'node:crypto';
import { type Document, isMap, parseDocument, Scalar } from 'yaml';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { Envelope } from './data-key.ts';
import { decryptValue, encryptValue, isEncrypted, pathText, type Plain } from './sops-value.ts';
import { visitTree } from './sops-tree.ts';

/** Keys with this end have values that anybody can read; the MAC covers them too. */
export const UNENCRYPTED = '_unencrypted';

/** The version of SOPS whose format this is. */
const VERSION = '3.9.4';

const none = z.array(z.never('only age is known here')).nullish();

/** What SOPS writes below `sops`. What would change which values are encrypted is refused, for nothing vouches for it. */
const metadataSchema = z.strictObject({
  age: z.array(z.strictObject({ recipient: z.string(), enc: z.string() })).min(1, 'names nobody'),
  lastmodified: z.iso.datetime({ offset: true }),
  mac: z.string().refine(isEncrypted, 'is not encrypted'),
  version: z.string().regex(/^3\.\d+\.\d+$/, 'must be SOPS 3'),
  unencrypted_suffix: z.literal(UNENCRYPTED).default(UNENCRYPTED),
  ...{ kms: none, gcp_kms: none, azure_kv: none, hc_vault: none, pgp: none },
});

/** An encrypted file that was opened. */
export interface Opened {
  /** Keys, values and comments in plain text, without what is SOPS's. */
  document: Document;
  dataKey: Uint8Array;
  envelopes: Envelope[];
  /** Each value as it was encrypted, so that what did not change looks the same again. */
  kept: Map<string, string>;
}

/**
 * Decrypts the text of a file of SOPS. Throws a Failure where it is none, where `unwrap` finds no data key, and where
 * anything was changed by somebody who could not read it: a value, its name or place, the order, the metadata.
 */
export async function openSops(
  text: string,
  file: string,
  unwrap: (envelopes: readonly Envelope[]) => Promise<Uint8Array | undefined>,
): Promise<Opened> {
  const document = parseYaml(text, file);
  const metadata = metadataOf(document, file);
  document.delete('sops');
  const dataKey = await unwrap(metadata.age);
  if (!dataKey) {
    const readers = metadata.age.map(({ recipient }) => recipient);
    throw new Failure(`${file} is not encrypted for you`, readers, 'Ask one who can read it to let you in.');
  }
  const kept = new Map<string, string>();
  const mac = decryptTree(document, { file, dataKey, kept });
  const shown = decryptValue(metadata.mac, dataKey, metadata.lastmodified)?.text ?? '';
  if (!isSame(mac, shown)) {
    throw new Failure(
      `${file} was changed by somebody who cannot read it: its MAC does not fit`,
      [],
      'Take it back from git.',
    );
  }
  return { document, dataKey, envelopes: metadata.age, kept };
}

/** The text of an encrypted file; `now` is the moment of the change. Throws a Failure for what cannot be encrypted. */
export function sealSops({ document, dataKey, envelopes, kept }: Opened, now: Date): string {
  const sealed = document.clone();
  const mac = encryptTree(sealed, dataKey, kept);
  // SOPS binds the MAC to the time as it writes it: no fractions of a second.
  const lastmodified = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const quoted = new Scalar(lastmodified);
  quoted.type = Scalar.QUOTE_DOUBLE;
  put(sealed, 'sops', {
    age: envelopes.map(({ recipient, enc }) => ({ recipient, enc: `${enc.trimEnd()}\n` })),
    lastmodified: quoted,
    mac: encryptValue({ text: mac, type: 'str' }, dataKey, lastmodified),
    unencrypted_suffix: UNENCRYPTED,
    version: VERSION,
  });
  return yamlText(sealed);
}

/** As SOPS writes YAML, so that a change by the one or the other tool is a small difference. */
export const yamlText = (document: Document): string => document.toString({ lineWidth: 0, indent: 4 });

/** Reads YAML that is a map; throws a Failure that names lines and kinds of mistakes, and quotes nothing. */
export function parseYaml(text: string, file: string): Document {
  const document: Document = parseDocument(text, { prettyErrors: false });
  const mistakes = document.errors.map(({ code, pos: [offset] }) => {
    const line = text.slice(0, offset).split('\n').length;
    return `${file}:${line} ${code.toLowerCase().replaceAll('_', ' ')}`;
  });
  if (mistakes.length > 0) throw new Failure(`${file} is not YAML`, mistakes);
  document.contents ??= document.createNode({});
  if (!isMap(document.contents)) throw new Failure(`${file} must hold names and values`);
  return document;
}

/** Sets a name at the top; comments beside one that is there stay. */
export function put(document: Document, name: string, value: unknown): void {
  if (document.has(name)) document.set(name, value);
  else document.add(document.createPair(name, value));
}

function metadataOf(document: Document, file: string) {
  if (!document.has('sops')) throw new Failure(`${file} is not encrypted: it has no sops metadata`);
  const node: unknown = document.get('sops');
  const result = metadataSchema.safeParse(isMap(node) ? node.toJS(document) : node);
  if (result.success) return result.data;
  const says = result.error.issues.map(({ path, message }) => `${['sops', ...path].join('.')}: ${message}`);
  throw new Failure(`${file} has metadata that hubctl does not take`, says);
}

interface Decrypting extends Pick<Opened, 'dataKey' | 'kept'> {
  file: string;
}

/** Decrypts in place, and answers the MAC of what was found. */
function decryptTree(document: Document, { file, dataKey, kept }: Decrypting): string {
  const hash = createHash('sha512');
  const paths = new Set([pathText([])]);
  const comments: string[] = [];
  visitTree(document, {
    value: (node, path) => {
      paths.add(pathText(path.slice(0, -1))).add(pathText(path));
      const plain = isPlain(path) ? plainOf(node, path) : decryptNode(node, path, { file, dataKey, kept });
      hash.update(plain.text);
    },
    comment: (line) => line,
  });
  visitTree(document, {
    value: () => undefined,
    comment: (line) => {
      const decrypted = decryptComment(line, [...paths], { dataKey, kept });
      if (decrypted === undefined) comments.push(line);
      return decrypted ?? line;
    },
  });
  if (comments.length > 0) throw new Failure(`${file} has a comment that does not decrypt`, comments);
  return hash.digest('hex').toUpperCase();
}

function decryptNode(node: Scalar, path: readonly string[], { file, dataKey, kept }: Decrypting): Plain {
  // SOPS leaves a text without characters as it is.
  if (node.value === '') return { text: '', type: 'str' };
  const encrypted = String(node.value);
  const plain = decryptValue(encrypted, dataKey, pathText(path));
  if (!plain || !TYPES.includes(plain.type)) {
    throw new Failure(
      `${file}: ${path.join('.')} does not decrypt: its value or its name was changed by somebody who cannot read it`,
      [],
      'Take it back from git.',
    );
  }
  kept.set(keptName(plain, pathText(path)), encrypted);
  node.value = valueOf(plain);
  delete node.type;
  return plain;
}

/** A line in plain text stays; which path a comment belongs to is seen differently by each library, so all are tried. */
function decryptComment(
  line: string,
  paths: readonly string[],
  { dataKey, kept }: Pick<Opened, 'dataKey' | 'kept'>,
): string | undefined {
  if (!isEncrypted(line)) return line;
  for (const context of paths) {
    const plain = decryptValue(line, dataKey, context);
    if (plain?.type !== 'comment') continue;
    kept.set(keptName(plain, context), line);
    return plain.text;
  }
  return undefined;
}

/** Encrypts in place, and answers the MAC of what was there. */
function encryptTree(document: Document, dataKey: Uint8Array, kept: Opened['kept']): string {
  const hash = createHash('sha512');
  const sealed = (plain: Plain, path: readonly string[]) =>
    kept.get(keptName(plain, pathText(path))) ?? encryptValue(plain, dataKey, pathText(path));
  visitTree(document, {
    value: (node, path) => {
      const plain = plainOf(node, path);
      hash.update(plain.text);
      if (isPlain(path) || plain.text === '') return;
      node.value = sealed(plain, path);
      node.type = Scalar.PLAIN;
    },
    comment: (line, path) => sealed({ text: line, type: 'comment' }, path),
  });
  return hash.digest('hex').toUpperCase();
}

/** The kinds of values; which one it is, SOPS does not authenticate. */
const TYPES = ['str', 'int', 'float', 'bool'];

const isPlain = (path: readonly string[]) => path.some((key) => key.endsWith(UNENCRYPTED));

const keptName = ({ text, type }: Plain, context: string) => JSON.stringify([context, type, text]);

/** Values as SOPS writes them: numbers in decimal digits, and True and False as Python did. */
function plainOf({ value }: Scalar, path: readonly string[]): Plain {
  if (typeof value === 'string') return { text: value, type: 'str' };
  if (typeof value === 'boolean') return { text: value ? 'True' : 'False', type: 'bool' };
  if (typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(String(value))) {
    return { text: String(value), type: Number.isInteger(value) ? 'int' : 'float' };
  }
  throw new Failure(`${path.join('.')} must be a text, a number, true or false`);
}

function valueOf({ text, type }: Plain): unknown {
  if (type === 'bool') return text.toLowerCase() === 'true';
  // A number that JavaScript cannot hold stays a text.
  if ((type === 'int' || type === 'float') && String(Number(text)) === text) return Number(text);
  return text;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
