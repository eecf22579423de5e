import { defineConfig } from 'vitest/config';

/** Not part of `npm test`: it needs root and Docker. `npm run test:guests` brings both. */
export default defineConfig({
  test: {
    name: 'guests',
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    globalSetup: ['setup.ts'],
    // Who needs names has them alone; beside that goes what waits for minutes and asks for none.
    maxWorkers: 2,
    isolate: false,
    // A worker that is a process would outlive a killed run, and go on with its guests.
    pool: 'threads',
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
