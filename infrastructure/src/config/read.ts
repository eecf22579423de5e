import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { Failure } from '../failure.ts';
import { configSchema, type Environment, type EnvironmentName, type HubConfig } from './schema.ts';

interface Mistake {
  path: PropertyKey[];
  message: string;
}

/** Reads the text of hub.config.yaml; throws a Failure with a line for every mistake, each with place and path. */
export function readConfig(text: string, file: string): HubConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(
    ({ message, pos: [offset] }) => `${file}:${lines.linePos(offset).line} ${message}`,
  );
  if (broken.length > 0) throw new Failure(`${file} is not YAML`, broken);
  const result = configSchema.safeParse(document.toJS(), { error: words });
  if (result.success) return result.data;
  const placed = result.error.issues.flatMap(mistakes).map(({ path, message }) => {
    const line = lines.linePos(placeOf(document, path)).line;
    return { line, text: `${pathText(path)}: ${message}` };
  });
  const sorted = placed.toSorted((a, b) => a.line - b.line);
  throw new Failure(
    `${file} has ${sorted.length === 1 ? 'a mistake' : `${sorted.length} mistakes`}`,
    sorted.map(({ line, text: says }) => `${file}:${line} ${says}`),
  );
}

/** The part of an environment; throws a Failure that names those that there are. */
export function environmentOf(config: HubConfig, name: string): Environment {
  const known: EnvironmentName[] = ['staging', 'production'];
  const found = known.find((one) => one === name);
  const environment = found && config.environments[found];
  if (environment) return environment;
  const there = known.filter((one) => config.environments[one]);
  throw new Failure(`there is no environment ${name}; there is ${there.join(' and ')}`);
}

/** One mistake a key, though zod names all unknown keys of an object at once. */
function mistakes(issue: z.core.$ZodIssue): Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not known' }));
  }
  return [{ path: issue.path, message: issue.message }];
}

/** Words of ours where the schema has none. */
function words(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'is missing' : `must be of type ${issue.expected}`;
}

/** Where a value begins; for one that is missing, where it should be. */
function placeOf(document: Document, path: readonly PropertyKey[]): number {
  const node: unknown = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : placeOf(document, path.slice(0, -1));
}

/** `environments.staging.hosts[0].port` */
const pathText = (path: readonly PropertyKey[]) =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '') || 'the file';
