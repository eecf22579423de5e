import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Workspace packages are tested from their TypeScript, not from what was built. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', ...defaultServerConditions] } },
};

const server = ['test/setup/postgres.ts', 'test/setup/redis.ts'];

export default defineConfig({
  ...source,
  test: {
    // Most tests wait for a server or a process: as many files at once as there are cores.
    maxWorkers: availableParallelism(),
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts'],
          globalSetup: server,
          testTimeout: 15_000,
        },
      },
      {
        ...source,
        test: {
          name: 'house',
          include: ['test/house/**/*.test.ts'],
          globalSetup: ['test/setup/postgres.ts'],
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'whole',
          include: ['test/whole/**/*.test.ts'],
          globalSetup: server,
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/setup.ts'],
          testTimeout: 60_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: [
        '**/generated/**',
        '**/*.test.ts',
        '**/*.fixture.ts',
        '**/main.ts',
        'packages/shared/src/testing/**',
      ],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
