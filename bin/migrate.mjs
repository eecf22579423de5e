import { build } from './build.mjs';
import { fail } from './run.mjs';

await build().catch(fail);
await import('../packages/standalone/dist/migrate.js');
