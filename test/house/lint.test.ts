import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import { expect, test } from 'vitest';
import { configs, plugin } from 'typescript-eslint';
import { z } from 'zod';

/** Where the presets are wrong for this house. */
const NOT_ASKED = [
  'typescript/require-await', // an async handler without await is how a throw becomes a rejection
  'eslint/no-unused-vars', // the compiler says it, with `_` for what a signature demands
  // Modules are strict, and a strict parser takes neither.
  'eslint/no-octal',
  'eslint/no-dupe-args',
];

/** What oxlint cannot ask yet (docs/decisions/0020). */
const NOT_THERE = ['typescript/no-unsafe-class-instance-assignment', 'typescript/no-unsafe-enum-assignment'];

const OURS = [
  'eslint/complexity',
  'eslint/eqeqeq',
  'eslint/max-depth',
  'eslint/max-lines',
  'eslint/max-lines-per-function',
  'eslint/no-console',
  'eslint/no-restricted-imports',
  'eslint/no-restricted-properties',
  'eslint/no-warning-comments',
  'eslint/object-shorthand',
  'eslint/prefer-template',
  'import/no-cycle',
  'typescript/consistent-type-imports',
  'typescript/method-signature-style',
  'typescript/switch-exhaustiveness-check',
];

const rulesOf = z.record(z.string(), z.unknown());
type Rules = z.infer<typeof rulesOf>;

const config = z
  .object({ rules: rulesOf, overrides: z.array(z.object({ files: z.array(z.string()), rules: rulesOf })) })
  .parse(JSON.parse(readFileSync('.oxlintrc.json', 'utf8')));

/** The names of the rules that are on once later settings have replaced earlier ones. */
function onIn(...settings: Rules[]): string[] {
  const rules: Rules = Object.assign({}, ...settings);
  return Object.keys(rules).filter((name) => !['off', 0].some((level) => [rules[name]].flat()[0] === level));
}

const PREFIX = '@typescript-eslint/';
const theirs = z
  .object({
    rules: z.record(
      z.string(),
      z.object({ meta: z.object({ docs: z.object({ requiresTypeChecking: z.boolean().optional() }) }) }),
    ),
  })
  .parse(plugin).rules;

/** A rule's name as oxlint has it, where a rule that extends one of ESLint's without types is that one. */
function nameHere(name: string): string {
  if (!name.startsWith(PREFIX)) return `eslint/${name}`;
  const bare = name.slice(PREFIX.length);
  const extendsTheirs = bare in js.configs.all.rules && theirs[bare]?.meta.docs.requiresTypeChecking !== true;
  return `${extendsTheirs ? 'eslint' : 'typescript'}/${bare}`;
}

function wanted(...presets: { rules?: unknown }[]): string[] {
  const names = onIn(...presets.map(({ rules }) => rulesOf.parse(rules ?? {}))).map(nameHere);
  return names.filter((name) => !NOT_ASKED.includes(name) && !NOT_THERE.includes(name));
}

/** The rules that .oxlintrc.json asks of files that this pattern names. */
const askedOf = (files: string) =>
  onIn(
    config.rules,
    ...config.overrides.filter((one) => one.files.includes(files)).map(({ rules }) => rules),
  );

test('TypeScript is asked the strict presets of typescript-eslint, and what is ours', () => {
  const presets = wanted(
    js.configs.recommended,
    ...configs.strictTypeChecked,
    ...configs.stylisticTypeChecked,
  );
  expect(askedOf('**/*.{ts,tsx,mts}').sort()).toEqual([...new Set([...presets, ...OURS])].sort());
});

test('JavaScript is asked whatever ESLint recommends', () => {
  expect(askedOf('**/*.{js,mjs,cjs}')).toEqual(expect.arrayContaining(wanted(js.configs.recommended)));
});
