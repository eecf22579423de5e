import { fail, run } from './run.mjs';

// The test that compares also writes; so there is one way to make the documents.
const test = ['run', '--project', 'house', 'test/house/openapi.test.ts', '--update'];
await run('node_modules/.bin/vitest', test).catch(fail);
