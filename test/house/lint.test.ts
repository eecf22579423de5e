import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configs, plugin } from 'typescript-eslint';
import { z } from 'zod';

/** Where the presets are wrong for this house. */
const NOT_ASKED = [
  'require-await', // an async handler without await is how a throw becomes a rejection
];

/** What oxlint cannot ask yet (docs/decisions/0020). */
const NOT_THERE = ['no-unsafe-class-instance-assignment', 'no-unsafe-enum-assignment'];

const OURS = ['switch-exhaustiveness-check'];

const PREFIX = '@typescript-eslint/';
const rules = z
  .object({
    rules: z.record(
      z.string(),
      z.object({ meta: z.object({ docs: z.object({ requiresTypeChecking: z.boolean().optional() }) }) }),
    ),
  })
  .parse(plugin).rules;
const needsTypes = (name: string) => rules[name]?.meta.docs.requiresTypeChecking === true;

test('the rules that need types are those of the strict presets', () => {
  const presets = [...configs.strictTypeChecked, ...configs.stylisticTypeChecked];
  const typed = presets
    .flatMap(({ rules = {} }) => Object.entries(rules))
    .filter(([name, level]) => name.startsWith(PREFIX) && level !== 'off')
    .map(([name]) => name.slice(PREFIX.length))
    .filter((name) => needsTypes(name) && !NOT_ASKED.includes(name) && !NOT_THERE.includes(name));
  const config = z
    .object({ rules: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync('.oxlintrc.json', 'utf8')));
  const asked = Object.keys(config.rules).map((name) => name.slice('typescript/'.length));
  expect(asked.sort()).toEqual([...new Set([...typed, ...OURS])].sort());
});
