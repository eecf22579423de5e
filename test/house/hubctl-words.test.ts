import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { argumentsOf, isVerb, optionsOf, VERBS } from '../../infrastructure/src/cli/usage.ts';
import { commandsOf, inlineCodeOf } from './markdown.ts';
import { readTree } from './source.ts';

const ROOT = `${join(import.meta.dirname, '../..')}/`;
const OURS = /^(?:.*\| *)?(?:npx )?hubctl\b *(.*)$/;
const ENVIRONMENTS = ['staging', 'production', 'ENVIRONMENT'];

/** What is wrong with what stands behind `hubctl`, if anything. */
function mistakeIn(typed: string): string | undefined {
  const [first = '', second = '', ...rest] = typed.split(/\s+/);
  if (['', '--help', 'VERB'].includes(first)) return undefined;
  const both = `${first} ${second}`;
  const verb = isVerb(both) ? both : first;
  if (!isVerb(verb)) return `there is no verb ${both.trim()}`;
  try {
    const args = (verb === both ? rest : [second, ...rest]).filter(Boolean);
    const { positionals } = parseArgs({ args, options: optionsOf(verb), allowPositionals: true });
    return oddIn(positionals, argumentsOf(verb));
  } catch (error) {
    return String(error);
  }
}

function oddIn(positionals: readonly string[], taken: readonly string[]): string | undefined {
  const named = taken[0] === 'NAME' ? 1 : 0;
  if (positionals.length < named || positionals.length > taken.length) return `takes ${taken.join(' ')}`;
  const environment = positionals[named];
  const isKnown = environment === undefined || ENVIRONMENTS.includes(environment);
  return isKnown ? undefined : `${environment} is no environment`;
}

const documents = readTree(ROOT).filter(({ path }) => path.endsWith('.md'));
const typedIn = (text: string) =>
  [...commandsOf(text), ...inlineCodeOf(text)].flatMap((code) => OURS.exec(code)?.[1] ?? []);
/** `npx hubctl cert`, in running text, means its verbs. */
const isGroup = (typed: string) => Object.keys(VERBS).some((verb) => verb.startsWith(`${typed} `));

describe('what documents say of hubctl', () => {
  it('can be typed: verbs, options and environments exist', () => {
    const typed = documents.flatMap(({ path, text }) => typedIn(text).map((words) => ({ path, words })));
    expect(typed.length).toBeGreaterThan(30);
    const wrong = typed.filter(({ words }) => !isGroup(words) && mistakeIn(words) !== undefined);
    expect(wrong.map(({ path, words }) => `${path}: hubctl ${words}: ${mistakeIn(words)}`)).toEqual([]);
  });

  it('leaves no verb out', () => {
    const told = documents
      .filter(({ path }) => path.startsWith('docs/'))
      .flatMap(({ text }) => typedIn(text));
    const isTold = (verb: string) => told.some((words) => words === verb || words.startsWith(`${verb} `));
    expect(Object.keys(VERBS).filter((verb) => !isTold(verb))).toEqual([]);
  });

  it('names options that a verb has', () => {
    const all = new Set(
      Object.keys(VERBS)
        .filter(isVerb)
        .flatMap((verb) => Object.keys(optionsOf(verb))),
    );
    const about = documents.filter(({ path }) => /^docs\/(server|edge|secrets|runbooks\/.*)\.md$/.test(path));
    const named = about
      .flatMap(({ text }) => inlineCodeOf(text))
      .flatMap((code) => /^--([\w-]+)/.exec(code)?.[1] ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !all.has(name))).toEqual([]);
  });
});

describe('what hubctl says of itself', () => {
  const sources = readTree(`${ROOT}infrastructure/src/`).filter(
    ({ path }) => !/\.(test|fixture)\.ts$/.test(path),
  );

  it('can be typed: what it advises when something is wrong', () => {
    const advised = sources.flatMap(({ text }) =>
      [...text.matchAll(/: hubctl ([^'`$\\]+)['`\\]/g)].map(([, words = '']) => words),
    );
    expect(advised.length).toBeGreaterThan(8);
    expect(advised.flatMap((words) => mistakeIn(words) ?? [])).toEqual([]);
  });

  it('can be typed: its examples', () => {
    const examples: string[] = Object.values(VERBS).flatMap((verb) => verb.examples);
    expect(examples.flatMap((one) => mistakeIn(OURS.exec(one)?.[1] ?? 'nothing') ?? [])).toEqual([]);
  });
});

it('what cannot be typed is found', () => {
  expect(mistakeIn('deploy staging')).toBe('there is no verb deploy staging');
  expect(mistakeIn('plan testing')).toBe('testing is no environment');
  expect(mistakeIn('plan --colour')).toContain("Unknown option '--colour'");
  expect(mistakeIn('secrets set')).toBe('takes NAME [ENVIRONMENT]');
  expect(mistakeIn('secrets set NAME staging more')).toBe('takes NAME [ENVIRONMENT]');
});

describe('scripts/', () => {
  const folder = join(ROOT, 'scripts');

  it.each(readdirSync(folder))('%s is five lines at most, and calls hubctl', (name) => {
    const path = join(folder, name);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const [, words = ''] = /exec npx hubctl (.+) "\$@"$/.exec(lines.at(-1) ?? '') ?? [];
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(words).not.toBe('');
    expect(mistakeIn(words)).toBeUndefined();
    expect(() => {
      accessSync(path, constants.X_OK);
    }).not.toThrow();
  });
});
