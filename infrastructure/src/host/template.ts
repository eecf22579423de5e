import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside src and dist alike. */
const FOLDER = join(import.meta.dirname, '../../templates');

/** A template's text with each `${NAME}` filled in; throws where one is unknown or not used. */
export function template(path: string, values: Readonly<Record<string, string>> = {}): string {
  const unused = new Set(Object.keys(values));
  const text = readFileSync(join(FOLDER, path), 'utf8').replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${path} wants ${name}`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new Error(`${path} does not use ${[...unused].join(', ')}`);
  return text;
}
