import { availableParallelism } from 'node:os';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Workspace packages are tested from their TypeScript, not from what was built. */
const source = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', ...defaultServerConditions] } },
};

/** One copy of each module for all files of a worker: our modules keep no state, so nothing is shared but time. */
const isolate = false;

/** `source` means TypeScript to a dependency of these too, which only Vite can load. */
const inline = [/@modelcontextprotocol\/(client|sdk)/, 'eventsource'];

export default defineConfig({
  ...source,
  test: {
    // Most tests wait for a server or a process: one file more at once than there are cores keeps these busy.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ['test/setup/postgres.ts', 'test/setup/redis.ts'],
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          isolate,
          server: { deps: { inline } },
          include: ['packages/*/src/**/*.test.ts', 'infrastructure/src/**/*.test.ts'],
          testTimeout: 15_000,
        },
      },
      {
        ...source,
        test: {
          name: 'house',
          isolate,
          include: ['test/house/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'whole',
          isolate,
          server: { deps: { inline } },
          include: ['test/whole/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        test: {
          name: 'browser',
          isolate,
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/setup.ts'],
          testTimeout: 60_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'infrastructure/src/**/*.ts'],
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
