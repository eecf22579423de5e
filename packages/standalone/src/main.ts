import { EmbeddedPostgresError } from '@smart-ai-hub/database/embedded';
import { MigrationError } from '@smart-ai-hub/database/migrate';
import {
  collectEarly,
  ConfigError,
  createLogger,
  endOnFailure,
  endOnSignal,
  environment,
  loadConfig,
  VERSION,
} from '@smart-ai-hub/shared/service';
import { settings } from './config.ts';
import { StartError } from './data-folder.ts';
import { startStandalone } from './start-standalone.ts';

collectEarly();
const config = loadConfig('smart-ai-hub', settings);
const logger = createLogger({
  service: 'standalone',
  version: VERSION,
  level: config.logLevel ?? 'info',
  pretty: process.stdout.isTTY,
});
endOnFailure(logger);

/** What asks this process to end while it is still starting; heard when there is something to end. */
let asked: NodeJS.Signals | undefined;
const remember = (signal: NodeJS.Signals) => {
  asked = signal;
};
process.once('SIGTERM', remember).once('SIGINT', remember);

try {
  const { dataDir, host, port } = config;
  const standalone = await startStandalone({ dataDir, host, port, env: environment() }, logger);
  endOnSignal(standalone, logger);
  if (asked) process.kill(process.pid, asked);
  const lines = [`Smart AI Hub is ready: ${standalone.url}`, standalone.notice].filter(
    (line) => line !== undefined,
  );
  process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
} catch (error) {
  const isForOperator = [StartError, ConfigError, EmbeddedPostgresError, MigrationError].some(
    (kind) => error instanceof kind,
  );
  if (!isForOperator || !(error instanceof Error)) throw error;
  process.stderr.write(`\n  Smart AI Hub did not start: ${error.message}\n\n`);
  process.exitCode = 1;
}
