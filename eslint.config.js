import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.{ts,tsx,mts}'];
const TESTS = ['**/*.{test,fixture}.{ts,tsx}', 'test/**', 'bench/**', 'packages/shared/src/testing/**'];
const FRONTEND = ['packages/frontend/src/**/*.{ts,tsx}'];

const NODE_GLOBALS = ['AbortSignal', 'Buffer', 'console', 'fetch', 'performance', 'process', 'URL'];

/** The program's environment is read in one place, which refuses what is wrong before the first action. */
const environment = {
  files: [...TYPESCRIPT],
  ignores: ['packages/shared/src/service/config.ts'],
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'process', property: 'env', message: 'Declare a setting in the config.ts of your service.' },
    ],
    'no-restricted-imports': [
      'error',
      { name: 'node:process', importNames: ['env'], message: 'Declare a setting in config.ts.' },
      {
        name: 'node:child_process',
        importNames: ['exec', 'execSync'],
        message: 'Use argv arrays: execFile, spawn.',
      },
    ],
  },
};

const habits = {
  '@typescript-eslint/consistent-type-assertions': [
    'error',
    { assertionStyle: 'as', objectLiteralTypeAssertions: 'never', arrayLiteralTypeAssertions: 'never' },
  ],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/method-signature-style': ['error', 'property'],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  // The compiler says it, with `_` for what a signature demands.
  '@typescript-eslint/no-unused-vars': 'off',
};

const shape = {
  complexity: ['error', 12],
  'max-depth': ['error', 3],
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
  'no-console': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'object-shorthand': 'error',
  'prefer-template': 'error',
};

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', 'coverage/', 'data/', '.build/', 'test-results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: shape },
  {
    files: TYPESCRIPT,
    // What needs types is in .oxlintrc.json: the same presets, asked of a compiler that is ten times as fast.
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: habits,
  },
  environment,
  {
    files: TESTS,
    rules: {
      // A test reads as a list of cases; what is said of functions holds for each case alone.
      'max-lines-per-function': 'off',
      // A benchmark prints.
      'no-console': 'off',
    },
  },
  {
    // Programs that a person types: they talk, and they run before anything is installed.
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { __dirname: 'readonly' } },
  },
  {
    files: FRONTEND,
    extends: [reactHooks.configs.flat.recommended, jsxA11y.configs.recommended],
  },
);
