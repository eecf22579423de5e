import jsxA11y from 'eslint-plugin-jsx-a11y-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What every file is asked is in .oxlintrc.json; here is what only React's and accessibility's own plugins know.
export default defineConfig(
  globalIgnores(['**/dist/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['packages/frontend/src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.base, reactHooks.configs.flat.recommended, jsxA11y.configs.recommended],
  },
);
