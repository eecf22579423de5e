import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import { Failure } from '../failure.ts';
import { recipientOf } from './data-key.ts';
import { Secret } from './secret.ts';

const REMEDY = 'Make yours with: hubctl secrets key';

/** The identities in a file of age-keygen; throws a Failure where there is none, or others could read it. */
export function readIdentities(file: string): Secret[] {
  if (!existsSync(file)) throw new Failure(`there is no age identity in ${file}`, [], REMEDY);
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new Failure(`${file} can be read by others on this machine`, [], `Close it: chmod 600 ${file}`);
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  const found = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-1')).map((line) => line.trim());
  if (found.length === 0) throw new Failure(`${file} holds no age identity`, [], REMEDY);
  return found.map((line) => new Secret(line));
}

/** Makes an identity in a new file that only its owner reads; answers the public part. */
export async function makeIdentity(file: string): Promise<string> {
  const identity = new Secret(await generateX25519Identity());
  const recipient = await recipientOf(identity);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const text = `# public key: ${recipient}\n${identity.reveal()}\n`;
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  return recipient;
}
