// A process that starts the embedded server and stays, for embedded.test.ts to kill.
import { setInterval } from 'node:timers';
import { startEmbeddedPostgres } from '../dist/embedded.js';

const [directory, password] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ directory, password });
process.send?.(server.port);
setInterval(() => undefined, 60_000);
